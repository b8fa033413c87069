package io.evenkeel.discovery.xds;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.common.UnusableException;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is said on the streams of one watch: hands out what to send, is handed what arrives, and tells the listener what comes of it. Knows no time and no
 * network. Used by one thread.
 */
final class Conversation<Q, R> {

    /*
     * Each answer is accepted or refused by its nonce, with the version that is in use from now on. An answer that cannot be used is refused as a whole and
     * the last list stays. Some servers answer a refusal with the same again, at once and without end; so the second time ends the stream, and the
     * source asks again after a wait that grows.
     *
     * A resource is lost only if the server says so: by its removal in the delta variant, by its absence in a list of clusters. An answer about
     * endpoints without ours says nothing about them.
     */

    private final Variant<Q, R> variant;
    private final Question question;
    private final Told told;
    private final Optional<Subscription<Cluster>> cluster;
    private final Subscription<ClusterLoadAssignment> endpoints;
    /** That was published. */
    private Optional<EndpointList> last = Optional.empty();

    Conversation(Variant<Q, R> variant, Question question, Told told) {
        this.variant = variant;
        this.question = question;
        this.told = told;
        boolean first = question.clusterFirst();
        this.cluster = first ? Optional.of(new Subscription<>(Type.CLUSTER, question.cluster())) : Optional.empty();
        this.endpoints = new Subscription<>(Type.ENDPOINTS, first ? "" : question.cluster());
    }

    /** What is done with a resource that is wanted; returns what is to be said because of it. */
    @FunctionalInterface
    private interface Use<Q, M> {
        List<Q> of(M resource) throws UnusableException;
    }

    MethodDescriptor<Q, R> method() {
        return variant.method();
    }

    /** A stream begins: what to say first. */
    List<Q> begin() {
        told.troubled(); // how the last one ended
        List<Q> said = new ArrayList<>();
        for (Subscription<?> each : wanted()) {
            each.begin();
            said.add(variant.subscribe(each, Optional.empty()));
        }
        return said;
    }

    private List<Subscription<?>> wanted() {
        List<Subscription<?>> wanted = new ArrayList<>();
        cluster.ifPresent(wanted::add);
        if (!endpoints.name().isEmpty()) {
            wanted.add(endpoints);
        }
        return wanted;
    }

    /**
     * An answer arrives: what to say to it. One about a type that nobody asked for is passed over.
     *
     * @throws IOException if there is no use in going on with this stream
     */
    List<Q> take(R response, Listener listener) throws IOException {
        Answer answer = variant.read(response);
        if (cluster.isPresent() && answer.type().equals(Type.CLUSTER.url())) {
            return take(answer, cluster.get(), this::follow, listener);
        }
        if (!endpoints.name().isEmpty() && answer.type().equals(Type.ENDPOINTS.url())) {
            return take(answer, endpoints, assignment -> publish(assignment, listener), listener);
        }
        return List.of();
    }

    private <M extends Message> List<Q> take(Answer answer, Subscription<M> to, Use<Q, M> use, Listener listener)
            throws IOException {
        to.hear(answer);
        try {
            Optional<Subscription.Ours<M>> ours = to.find(answer);
            List<Q> more = ours.isPresent() ? use.of(ours.get().message()) : List.of();
            to.accept(answer, ours);
            boolean lost = to.isDenied(answer, ours) && to.lose();
            if (lost) {
                trouble(to, missing(to), listener);
            }
            List<Q> said = new ArrayList<>();
            said.add(lost ? variant.acceptLoss(to) : variant.accept(to));
            said.addAll(more);
            return said;
        } catch (UnusableException e) {
            return refuse(answer, to, e, listener);
        }
    }

    private List<Q> refuse(Answer answer, Subscription<?> to, UnusableException why, Listener listener)
            throws IOException {
        String trouble = "what the control plane says of the " + name(to) + " " + why.reason();
        if (to.refuse(answer)) {
            throw new IOException(told + ": " + trouble, why); // in the same words, and so no news
        }
        trouble(to, trouble, listener);
        return List.of(variant.refuse(to, why.reason()));
    }

    private List<Q> publish(ClusterLoadAssignment assignment, Listener listener) throws UnusableException {
        EndpointList list = Assignment.endpoints(assignment, question.scheme());
        String wrong = cluster.map(Conversation::wrong).orElse("");
        told.list(listener, wrong.isEmpty() ? list : list.withRemark(wrong)); // alone it would be the end of that
        last = Optional.of(list);
        return List.of();
    }

    /** Endpoints are asked for once the cluster was there, so one that is not held is gone, also if this stream has said nothing of it yet. */
    private static String wrong(Subscription<Cluster> with) {
        return with.held() || !with.trouble().isEmpty() ? with.trouble() : missing(with);
    }

    private static String missing(Subscription<?> what) {
        return "the control plane has no " + name(what);
    }

    /** Asks for the endpoints of a cluster, if they have another name than those asked for so far. */
    private List<Q> follow(Cluster cluster) throws UnusableException {
        if (cluster.getType() != Cluster.DiscoveryType.EDS) {
            throw new UnusableException("is of type " + cluster.getType() + ", but must be EDS");
        }
        String service = cluster.getEdsClusterConfig().getServiceName();
        String name = service.isEmpty() ? cluster.getName() : service;
        return name.equals(endpoints.name()) ? List.of() : List.of(variant.subscribe(endpoints, endpoints.want(name)));
    }

    /** The stream is alive, and this long has passed since it began, or this was said last, or something else was wanted: by the protocol, what it has not told of has not changed. */
    void quiet(Duration time, Listener listener) {
        if (wanted().stream().anyMatch(each -> !each.trouble().isEmpty())) {
            return;
        }
        Optional<Subscription<?>> missing =
                wanted().stream().filter(each -> !each.held()).findFirst();
        if (missing.isEmpty()) {
            last.ifPresent(list -> told.list(listener, list));
        } else {
            String silence = "the control plane has said nothing of the " + name(missing.get()) + " for " + time;
            trouble(missing.get(), silence, listener);
        }
    }

    private void trouble(Subscription<?> with, String what, Listener listener) {
        with.troubled(what);
        told.trouble(listener, what);
    }

    private static String name(Subscription<?> of) {
        return (of.type().equals(Type.CLUSTER) ? "cluster " : "endpoints of ") + of.name();
    }
}
