package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one watch asks: a lookup, again and again, as often as the records want it. */
final class DnsPoll implements Poll {

    /** An answer is in any order, and often in another each time. */
    private static final Comparator<Endpoint> ORDER = Comparator.comparing(Endpoint::id)
            .thenComparingInt(Endpoint::priority)
            .thenComparingDouble(Endpoint::weight);

    /** Half of an answer is not used for as long as a whole one. */
    private static final long SECONDS_OF_HALF = 5;

    private final Lookup lookup;
    private final Function<ExecutorService, Asking> askings;
    private final ExecutorService threads;
    private final Pace pace;

    private @Nullable Asking asking;
    /** What the listener was told last; empty if that was nothing, or trouble has come after what was odd. */
    private Optional<Said> said = Optional.empty();

    /** A list, and what is odd about it. */
    private record Said(List<Endpoint> endpoints, String odd) {}

    /** How long records may be used, whatever they say. */
    record Pace(Duration least, Duration most) {

        Duration within(long seconds) {
            Duration wanted = Duration.ofSeconds(seconds);
            Duration bounded = wanted.compareTo(most) > 0 ? most : wanted;
            return bounded.compareTo(least) < 0 ? least : bounded;
        }
    }

    /** One that asks by what {@code askings} makes of {@code threads}: at first, and again after trouble, since the system's name servers may be others by then. */
    DnsPoll(Lookup lookup, Function<ExecutorService, Asking> askings, ExecutorService threads, Pace pace) {
        this.lookup = lookup;
        this.askings = askings;
        this.threads = threads;
        this.pace = pace;
    }

    @Override
    public Duration ask(Listener listener) throws IOException, InterruptedException {
        Round round = new Round(asking());
        List<Endpoint> endpoints =
                lookup.endpoints(round).stream().sorted(ORDER).toList();
        if (endpoints.isEmpty() || !round.hasBroughtRecords()) {
            asking = null;
            said = said.filter(last -> last.odd().isEmpty());
            throw round.trouble();
        }
        tell(endpoints, round, listener);
        return pace.within(round.isTroubled() ? Math.min(round.ttl(), SECONDS_OF_HALF) : round.ttl());
    }

    private Asking asking() {
        Asking made = asking;
        if (made == null) {
            made = askings.apply(threads);
            asking = made;
        }
        return made;
    }

    /** Half of an answer makes a list as well, an odd one. */
    private void tell(List<Endpoint> endpoints, Round round, Listener listener) {
        Optional<Said> now = Optional.of(new Said(endpoints, round.words()));
        if (now.equals(said)) {
            listener.unchanged();
        } else if (round.isTroubled()) {
            listener.endpoints(endpoints, round.trouble());
        } else {
            listener.endpoints(endpoints);
        }
        said = now; // unless the listener has thrown
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
