package io.evenkeel.discovery.kubernetes;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import io.fabric8.kubernetes.client.Config;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The pods behind a Service of Kubernetes, by its EndpointSlices: one list, and then a watch that tells each change at once.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(KubernetesEndpoints.of("shop", "orders").withPort("http"))
 *         .build();
 * }
 *
 * <p><b>What it needs.</b> Kubernetes 1.21 or newer ({@code discovery.k8s.io/v1}), and a service account that may {@code list} and {@code watch} {@code
 * endpointslices} in the Service's namespace: {@code examples/kubernetes} has the Role. Give the Service {@code clusterIP: None}, or not: it makes no difference here.
 *
 * <p><b>Which endpoints.</b> Those of all slices that are labelled with the Service's name, each address and port once; a Service of two address families has
 * two endpoints per pod. Of an entry with several addresses the first counts, as for kube-proxy.
 *
 * <ul>
 *   <li>One that is ready, or says nothing of it, is listed with priority 0.
 *   <li>One that is terminating but still serving is listed with priority 1: it has calls only as far as the ready ones cannot take them, which is how a rollout that
 *       goes wrong is got over.
 *   <li>Any other is not listed.
 *   <li>Its zone is where it runs ({@link #withZoneHints}), its tag {@code node} the name of its node.
 * </ul>
 *
 * <p><b>What is wrong</b> is reported, and the last list stays in use: an API server that cannot be reached, refuses, or answers anything but a list, or more than 64 MiB, or
 * not the whole of it within a minute; slices that have no such port. It asks again after 250 to 500 ms at first, and 15 to 30 s at last, with a new client each time. That the server ends a watch, as it
 * does after some minutes, or knows its beginning no more ({@code 410 Gone}), is no trouble, unless that is the first that it says and comes within a second: it lists and watches again
 * after a second. It does so as well
 * when it has heard nothing for three minutes, not even one of the bookmarks that a server sends each minute or so; a bookmark confirms the list.
 *
 * <p>A Service without endpoints, or one that does not exist, is an empty list to the server, and published as such; balancers hold it
 * ({@link io.evenkeel.Guard}).
 *
 * <p><b>Who asks.</b> Inside a pod its service account, elsewhere the current context of the kubeconfig, as for kubectl; or what {@link #withConfig} says. Credentials are in no
 * message.
 *
 * <p>Threads: immutable, may be shared and watched by any number of balancers. Each watch has a daemon thread of its own, on which the listener is called, and a client of its own;
 * both end when it is closed. {@link io.evenkeel.EndpointSource.Watch#refresh} does nothing while a watch runs: changes come by themselves.
 */
public final class KubernetesEndpoints implements EndpointSource {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");

    private final ServiceName service;
    private final Selection selection;
    private final Supplier<Config> config;

    private KubernetesEndpoints(ServiceName service, Selection selection, Supplier<Config> config) {
        this.service = service;
        this.selection = selection;
        this.config = config;
    }

    /**
     * The endpoints of the Service {@code service} in {@code namespace}.
     *
     * @param namespace if empty, that of the pod, or of the kubeconfig's context, or {@code default}
     * @throws IllegalArgumentException if one of them is no name that Kubernetes would take
     */
    public static KubernetesEndpoints of(String namespace, String service) {
        Optional<String> given = namespace.isEmpty() ? Optional.empty() : Optional.of(label("namespace", namespace));
        return new KubernetesEndpoints(
                new ServiceName(given, label("service", service)),
                Selection.defaults(),
                () -> Config.autoConfigure(null));
    }

    /** The same in the namespace of the pod, or of the kubeconfig's context, or {@code default}. */
    public static KubernetesEndpoints of(String service) {
        return of("", service);
    }

    private static String label(String what, String name) {
        if (!LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " is \"" + name
                    + "\", but must be 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends");
        }
        return name;
    }

    /**
     * A copy that uses the port of this name, which may have another number in each pod. By default the only TCP port, or of several the one named {@code
     * http}; without that there is no list until one is chosen, and the trouble names those that there are.
     *
     * @throws IllegalArgumentException if {@code name} is no name of a port
     */
    public KubernetesEndpoints withPort(String name) {
        if (!name.matches("(?=.*[a-z])[-a-z0-9]{1,63}")) {
            throw new IllegalArgumentException(
                    "port is \"" + name + "\", but must be 1 to 63 of a-z, 0-9 and -, of which one is a letter");
        }
        return with(selection.withPort(name));
    }

    /**
     * A copy that uses the port of this number: that of the pods, {@code targetPort}, not that of the Service. One that the slices do not list is trouble,
     * unless they list none at all, as those of a headless Service without ports.
     *
     * @throws IllegalArgumentException if {@code number} is not 1 to 65535
     */
    public KubernetesEndpoints withPort(int number) {
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("port is " + number + ", but must be 1 to 65535");
        }
        return with(selection.withPort(Integer.toString(number)));
    }

    /**
     * A copy whose endpoints have this scheme. By default {@code https} where the port is named so, has the {@code appProtocol} https or the number 443,
     * and otherwise {@code http}.
     *
     * @throws IllegalArgumentException if {@code scheme} is not a scheme of a URI
     */
    public KubernetesEndpoints withScheme(String scheme) {
        if (!SCHEME.matcher(scheme).matches()) {
            throw new IllegalArgumentException(
                    "scheme is \"" + scheme + "\", but must be a letter, and then letters, digits, +, . and -");
        }
        return with(selection.withScheme(scheme));
    }

    /**
     * A copy that follows the hints of topology aware routing: the zone of an endpoint is then the one whose clients the cluster assigns it to, {@code
     * hints.forZones}; the first of several, unless where it runs is among them. By default, and for an endpoint without hints, it is where it runs, which serves
     * a balancer that prefers its own zone as far as that can take its calls.
     */
    public KubernetesEndpoints withZoneHints(boolean zoneHints) {
        return with(selection.withZoneHints(zoneHints));
    }

    /**
     * A copy that reaches the API server in this way, such as {@code () -> Config.fromKubeconfig(file)} or {@code client::getConfiguration}. It is asked
     * for each list, so that renewed credentials are used, on the thread of a watch; what it throws is trouble. Its timeouts, 10 s unless set, hold for a
     * connection and the begin of an answer. How often to try again
     * is left to this source, a watch is by HTTP and never by a WebSocket, and a server's certificate is verified, even if the configuration says otherwise.
     */
    public KubernetesEndpoints withConfig(Supplier<Config> config) {
        return new KubernetesEndpoints(service, selection, requireNonNull(config, "config"));
    }

    private KubernetesEndpoints with(Selection changed) {
        return new KubernetesEndpoints(service, changed, config);
    }

    /** Begins to ask, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of(
                        "kubernetes-" + service, () -> new SliceRounds(service, selection, config, Patience.DEFAULT))
                .watch(requireNonNull(listener, "listener"));
    }

    /** The Service, and what is taken of it. */
    @Override
    public String toString() {
        return "KubernetesEndpoints[" + service + selection + "]";
    }
}
