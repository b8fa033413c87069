package io.evenkeel.discovery.kubernetes;

import static java.util.Objects.requireNonNull;

import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in words. The client's own exceptions go no further: they quote answers and files, and nobody knows what is in them.
 *
 * @param server that was asked
 * @param namespace of the Service
 * @param service its name
 */
record Trouble(String server, String namespace, String service) {

    /** The client could not be made. */
    static IOException unconfigured(ServiceName service, RuntimeException e) {
        return new IOException("the client for Service " + service + " cannot be configured: " + kind(e));
    }

    /** What the server said is of no use. */
    IOException unusable(UnusableException e) {
        return new IOException("Service " + namespace + "/" + service + " " + e.reason(), e);
    }

    /** Something about the server. */
    IOException saying(String what) {
        return new IOException(
                "API server " + server + ", asked for Service " + namespace + "/" + service + ", " + what);
    }

    /** What the client ran into. */
    IOException of(Exception e) {
        int status = e instanceof KubernetesClientException answer ? answer.getCode() : 0;
        return status <= 0 ? saying(unanswered(e)) : answering(status);
    }

    /** The server answers with another status than a good one. */
    IOException answering(int status) {
        return saying(
                switch (status) {
                    case 401 -> "answers 401: it does not know the credentials";
                    case 403 ->
                        "answers 403: whoever asks must be allowed the verbs list and watch on the resource endpointslices"
                                + " of API group discovery.k8s.io in namespace " + namespace;
                    case 404 -> "answers 404: discovery.k8s.io/v1 came with Kubernetes 1.21";
                    default -> "answers " + status;
                });
    }

    private static String unanswered(Exception e) {
        if (root(e) instanceof Limit.ExceededException exceeded) {
            return requireNonNull(exceeded.getMessage());
        }
        Throwable network = network(e);
        return network == null
                ? "says what cannot be understood: " + kind(e)
                : "cannot be reached: " + Shown.text(network.toString());
    }

    /** What the JDK says of networks can be repeated. */
    private static @Nullable Throwable network(Throwable e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each.getClass().getName().matches("(java\\.net|java\\.nio|javax\\.net)\\..*|.*\\.TimeoutException")) {
                return each;
            }
        }
        return null;
    }

    private static String kind(Throwable e) {
        return root(e).getClass().getSimpleName();
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
