package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.Hedge;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.Retry;
import io.evenkeel.balance.Attempt;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.resilience.Percentile;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A route as one client follows it, or the way of requests that no route is for. */
final class Way {

    private static final Duration UNBOUNDED = Duration.ofSeconds(Long.MAX_VALUE);

    private final LoadBalancer balancer;
    private final Match match;
    private final Destination[] destinations;
    /** The draws below which a call goes to each of them, of which the last takes all that are left. */
    private final double[] below;
    /** So that those who are in the small share of one route are not so in that of any other. */
    private final long seed;

    private final Manner manner;
    /** Of the latencies, where hedges go by it. */
    private final @Nullable Percentile percentile;
    /** Null where nothing is mirrored. */
    private final @Nullable Mirroring mirroring;

    private Way(
            LoadBalancer balancer,
            Match match,
            int place,
            Destinations destinations,
            Manner manner,
            Lifecycle lifecycle) {
        this.balancer = balancer;
        this.match = match;
        this.destinations = destinations.of(balancer).toArray(Destination[]::new);
        this.below = below(destinations.shares());
        this.seed = (balancer.name() + ": " + match.inFull(place)).hashCode();
        this.manner = manner;
        this.percentile = manner.hedge()
                .filter(hedge -> hedge.percentile() > 0)
                .map(hedge -> new Percentile(hedge.percentile()))
                .orElse(null);
        this.mirroring = manner.mirror()
                .map(mirror -> new Mirroring(
                        mirror,
                        new Way(mirror.balancer(), match, place, Destinations.OWN, manner.ofCopies(), lifecycle),
                        lifecycle))
                .orElse(null);
    }

    /** That of a route which belongs to the balancer, and has such a place among its routes. */
    static Way of(LoadBalancer balancer, Route route, int place, Lifecycle lifecycle) {
        return new Way(balancer, route.match(), place, route.destinations(), route.manner(), lifecycle);
    }

    /** That of requests which no route is for. */
    static Way direct(LoadBalancer balancer, Lifecycle lifecycle) {
        return new Way(balancer, new Match.Any(), 0, Destinations.OWN, Manner.USUAL, lifecycle);
    }

    private static double[] below(List<Destinations.Share> shares) {
        double[] sums = new double[shares.size()];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += shares.get(i).weight();
            sums[i] = sum;
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= sum; // that of the last, and of any before whom only shares of weight 0 follow, is 1
        }
        return sums;
    }

    /** Whose way it is. */
    LoadBalancer balancer() {
        return balancer;
    }

    boolean matches(HttpRequest request, String path) {
        return match.matches(request, path);
    }

    /** Where all go, unless they are split. */
    Destination first() {
        return destinations[0];
    }

    /** Whether calls are split before all lists have come, and so before it is known where each session lives. */
    boolean isEarly() {
        return unlisted() != null;
    }

    private @Nullable Destination unlisted() {
        if (destinations.length > 1) {
            for (Destination destination : destinations) {
                if (!destination.isListed()) {
                    return destination;
                }
            }
        }
        return null;
    }

    /** Where a request goes: where its session lives, if it has one. If that may be where there is no list yet, it waits for one there, and is {@linkplain #settled settled} then. */
    Destination destination(Call call, Sessions.Own sessions) throws NoEndpointException {
        if (destinations.length == 1) {
            return destinations[0];
        }
        Destination unlisted = unlisted(); // first, since a list may come meanwhile
        for (Destination destination : destinations) {
            if (destination.isHomeOf(call, sessions)) {
                return destination;
            }
        }
        Session session = sessions.at(balancer);
        if (unlisted != null && session.hasHome()) {
            Destination drawn = destination(call);
            return drawn.isListed() ? unlisted : drawn;
        }
        return destination(session.place(call));
    }

    /** Where a request goes that went to {@code to} before there was a list: there, or to other endpoints of the same balancer. */
    Destination settled(Destination to, Call call, Sessions.Own sessions) {
        for (Destination destination : destinations) {
            if (destination.balancer() == to.balancer() && destination.isHomeOf(call, sessions)) {
                return destination;
            }
        }
        return to;
    }

    /** Where a call goes: equal keys to the same. */
    Destination destination(Call call) {
        int i = 0;
        if (destinations.length > 1) {
            double draw = balancer.draw(call, seed);
            while (draw >= below[i]) {
                i++;
            }
        }
        return destinations[i];
    }

    /** All balancers that it leads to. */
    Stream<LoadBalancer> balancers() {
        return Stream.concat(destinations(), manner.mirror().map(Mirror::balancer).stream());
    }

    /** Those that answer its calls. */
    Stream<LoadBalancer> destinations() {
        return Stream.of(destinations).map(Destination::balancer);
    }

    /** Has the parts ready that its calls will want. */
    void keepReady() {
        for (Destination destination : destinations) {
            destination.balancer().keepReady(destination.of(Call.any()));
        }
    }

    /** Sends a copy elsewhere, if it is to. */
    void mirror(Conversation<?, ?> conversation, Call call, Destination destination) {
        if (mirroring != null) {
            mirroring.offer(conversation, call, destination);
        }
    }

    /** The deadline of requests that bring none of their own. */
    Optional<Duration> timeout() {
        return manner.timeout();
    }

    /** The same, or else that of the balancer it leads to; of several the longest. */
    Optional<Duration> deadline() {
        return timeout().isPresent()
                ? timeout()
                : destinations()
                        .map(to -> to.deadline().orElse(UNBOUNDED))
                        .max(Comparator.naturalOrder())
                        .filter(longest -> longest.compareTo(UNBOUNDED) < 0);
    }

    Optional<Retry> retry() {
        return manner.retry();
    }

    Optional<Hedge> hedge() {
        if (percentile == null) {
            return manner.hedge();
        }
        return Optional.of(
                percentile.isKnown() ? Hedge.after(Duration.ofNanos(Math.max(1, percentile.nanos()))) : Hedge.off());
    }

    /** An attempt ended so: what failed, or was cancelled, would perhaps have taken longer still. */
    void ended(Attempt attempt, Outcome outcome) {
        if (percentile != null) {
            long nanos = attempt.ageNanos();
            if (outcome == Outcome.SUCCESS || nanos > percentile.nanos()) {
                percentile.add(nanos);
            }
        }
    }

    /** The path to send. */
    String path(URI uri) {
        String path = uri.getRawPath();
        return manner.rewrite().isEmpty() ? path : manner.rewrite().get().of(path);
    }
}
