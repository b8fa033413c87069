package io.evenkeel.discovery.xds;

import static java.util.Objects.requireNonNull;

import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import io.evenkeel.discovery.common.Token;
import io.evenkeel.discovery.common.Told;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The endpoints of a cluster, from a control plane that speaks xDS version 3, as for Envoy and for gRPC without proxies: pushed over one stream as soon as they change.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(XdsEndpoints.of("xds.example:18000", "orders").withNode("web-1", "web"))
 *         .build();
 * }
 *
 * <p><b>The connection is secured by TLS</b>, with the certificates that the JVM trusts, unless {@link #withTls} or {@link #withPlaintext} says otherwise.
 *
 * <p><b>What is heeded</b> of a {@code ClusterLoadAssignment}:
 *
 * <ul>
 *   <li>An endpoint's address, of a TCP socket with a port that is a number, after the scheme that is set here; the endpoint may be given by its name among the named ones.
 *   <li>The zone of its locality is its zone; region and sub-zone are the tags {@code region} and {@code sub_zone}. What the metadata named {@code envoy.lb} says in
 *       strings, numbers and booleans are tags as well, and win over those two.
 *   <li>Its priority, 0 to 128, is that of its locality; priorities that are skipped do no harm.
 *   <li>Its health: healthy and unknown ones are used; degraded ones too, with a priority after all others (their own, plus one more than the last); unhealthy, draining
 *       and timed out ones are left out.
 *   <li>Its weight, 1 if there is none. Where localities of its priority have weights, those are shares of the calls: an endpoint's weight is then multiplied by the
 *       locality's and divided by the sum of weights in the locality, and all of the priority are scaled so that their sum stays as it was. A
 *       locality without a weight beside others that have one gets no calls. The sums count endpoints that are left out, too: nobody gets more calls because a neighbour is ill. If
 *       a weight would be above 1,000,000, all are scaled down.
 * </ul>
 *
 * <p><b>What is not:</b> to drop calls ({@code drop_overloads}), which a source cannot do: it is reported once, if it is more than none of them. Nor how long the list is valid, overprovisioning, additional
 * addresses, and endpoints to be asked for one by one (LEDS).
 *
 * <p><b>What is wrong</b> is reported and never empties the list. An endpoint that is none is dropped and reported once. An answer that cannot be read, or has endpoints of which
 * none is usable, is refused: the control plane is told why, and the last list stays in use. So it does when the cluster is removed. An
 * assignment without any endpoint, or with none that is well, is an empty list, and published as such: a balancer holds its last one. One answer may be up to 16 MiB.
 *
 * <p>When the stream breaks, it is trouble, and another is begun after a wait that doubles from 500 ms to 30 s, half of it left to chance. One that the server ends in good order, after
 * an answer or 15 s of silence, is no trouble, and is renewed after a second. A server that is
 * silent is noticed by pings within 15 s; one that does not know the cluster, or keeps it to itself, is reported after 15 s and waited for. While a stream is alive, the
 * list is confirmed every 15 s. A server that wants fewer pings ({@code too_many_pings}) gets half as many from then on.
 *
 * <p>Threads: immutable, may be watched by any number of balancers. Each watch has a stream and a connection of its own, and a daemon thread on which the listener is called;
 * gRPC's threads are shared by all.
 */
public final class XdsEndpoints implements EndpointSource {

    private static final String NAME = "evenkeel";

    private final Server server;
    private final Question question;

    private XdsEndpoints(Server server, Question question) {
        this.server = server;
        this.question = question;
    }

    /**
     * The endpoints of {@code cluster}, from the control plane at {@code address}, such as {@code xds.example:18000}.
     *
     * @throws IllegalArgumentException if the address is not host and port, or the name of the cluster is blank
     */
    public static XdsEndpoints of(String address, String cluster) {
        Node node = Node.newBuilder().setId(NAME).setUserAgentName(NAME).build();
        return new XdsEndpoints(
                Server.at(requireNonNull(address, "address"), TlsChannelCredentials::create, Token.NONE),
                new Question(notBlank("cluster", cluster), false, false, "http", node));
    }

    /**
     * A copy that says who asks, by which the control plane may choose what to answer: an id, and the cluster that it belongs to, which may be empty. By
     * default the id is {@code evenkeel} and the cluster empty.
     *
     * @throws IllegalArgumentException if the id is blank
     */
    public XdsEndpoints withNode(String id, String cluster) {
        return withNode(question.node().toBuilder()
                .setId(notBlank("id", id))
                .setCluster(requireNonNull(cluster, "cluster"))
                .build());
    }

    /** A copy that says where it runs; each may be empty. By default nothing is said. */
    public XdsEndpoints withLocality(String region, String zone, String subZone) {
        Locality.Builder locality = Locality.newBuilder()
                .setRegion(requireNonNull(region, "region"))
                .setZone(requireNonNull(zone, "zone"))
                .setSubZone(requireNonNull(subZone, "subZone"));
        return withNode(question.node().toBuilder().setLocality(locality).build());
    }

    private XdsEndpoints withNode(Node node) {
        return with(
                new Question(question.cluster(), question.clusterFirst(), question.delta(), question.scheme(), node));
    }

    /**
     * A copy that speaks the incremental variant of the protocol, in which the control plane says when the cluster is removed; by default it is the state of the world, which every
     * control plane speaks.
     */
    public XdsEndpoints withDelta(boolean delta) {
        return with(
                new Question(question.cluster(), question.clusterFirst(), delta, question.scheme(), question.node()));
    }

    /**
     * A copy that first asks for the cluster itself, which must be of type EDS and may say that its endpoints have another name, and is told when it is removed. Needed where
     * the control plane says nothing of endpoints before. Default false.
     */
    public XdsEndpoints withCluster(boolean first) {
        return with(new Question(question.cluster(), first, question.delta(), question.scheme(), question.node()));
    }

    /** A copy whose endpoints have another scheme, such as {@code https}; default {@code http}.
     *
     * @throws IllegalArgumentException if it is no scheme */
    public XdsEndpoints withScheme(String scheme) {
        if (!scheme.matches("[a-zA-Z][a-zA-Z0-9+.-]*")) {
            throw new IllegalArgumentException("scheme is " + scheme + ", but must be one, such as https");
        }
        return with(
                new Question(question.cluster(), question.clusterFirst(), question.delta(), scheme, question.node()));
    }

    /** A copy that trusts the certificates in {@code ca}, a file in PEM, instead of those that the JVM trusts. It is read before each stream, so that it may be replaced; one that
     * cannot be read is trouble. */
    public XdsEndpoints withTls(Path ca) {
        requireNonNull(ca, "ca");
        return with(() ->
                TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build());
    }

    /** The same, that shows a certificate itself: {@code certificate}, with those that it was issued by, and its {@code key}, in PKCS #8 without a password, are files in PEM as well. */
    public XdsEndpoints withTls(Path ca, Path certificate, Path key) {
        requireNonNull(ca, "ca");
        requireNonNull(certificate, "certificate");
        requireNonNull(key, "key");
        return with(() -> TlsChannelCredentials.newBuilder()
                .trustManager(ca.toFile())
                .keyManager(certificate.toFile(), key.toFile())
                .build());
    }

    /** A copy that does without TLS. Whoever is on the way can then read what is said, a token too, and send calls where they want: for a
     * control plane on the same host, and networks that are secured otherwise. */
    public XdsEndpoints withPlaintext() {
        return with(InsecureChannelCredentials::create);
    }

    /**
     * A copy that sends a token: {@code authorization: Bearer ...}. The supplier is asked before each stream, on the thread of the watch; what it throws, or a
     * blank token, is trouble.
     */
    public XdsEndpoints withToken(Supplier<String> token) {
        return with(Token.of(requireNonNull(token, "token")));
    }

    /** The same with the content of a file, without the white space around it: read before each stream, so that it may be replaced. */
    public XdsEndpoints withTokenFile(Path file) {
        return with(Token.in(requireNonNull(file, "file")));
    }

    private XdsEndpoints with(Question other) {
        return new XdsEndpoints(server, other);
    }

    private XdsEndpoints with(Server.Security security) {
        return new XdsEndpoints(new Server(server.host(), server.port(), security, server.token()), question);
    }

    private XdsEndpoints with(Token token) {
        return new XdsEndpoints(new Server(server.host(), server.port(), server.security(), token), question);
    }

    private static String notBlank(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank, but must have at least one visible character");
        }
        return value;
    }

    @Override
    public Watch watch(Listener listener) {
        return watch(listener, Rounds.PATIENCE);
    }

    /** The same, by somebody who loses patience with a silent server after another time. */
    Watch watch(Listener listener, Duration patience) {
        return PollingSource.of(toString(), () -> rounds(patience)).watch(listener);
    }

    private Rounds<?, ?> rounds(Duration patience) {
        return question.delta()
                ? rounds(new Delta(question.node()), patience)
                : rounds(new StateOfTheWorld(question.node()), patience);
    }

    private <Q, R> Rounds<Q, R> rounds(Variant<Q, R> variant, Duration patience) {
        Conversation<Q, R> conversation = new Conversation<>(variant, question, new Told(toString()));
        return new Rounds<>(server, conversation, patience, Defaults::nanoTime);
    }

    /** The control plane and the cluster. */
    @Override
    public String toString() {
        return server + "/" + question.cluster();
    }
}
