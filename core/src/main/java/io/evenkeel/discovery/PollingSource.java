package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A source that asks again and again, and is patient with whom it asks: trouble is reported, the last list stays in use, and
 * it asks again after a wait that doubles from 500 ms to 30 s, of which half is left to chance so that not all clients ask at once (exponential
 * backoff with equal jitter). It is short again after an answer that says how long to wait, and, of a stream, whose answers follow at once, after trouble that comes when all went well
 * for longer than the longest wait. A wait between good answers is shortened by up to a tenth, for the same reason.
 *
 * <p>Whoever suspects that the list is outdated ({@link Watch#refresh}) makes it ask sooner, but no sooner than a second after it asked last,
 * nor during a wait after trouble.
 *
 * <p>Threads: immutable, may be watched by any number of balancers. Each watch has a daemon thread of its own, on which it asks and calls the
 * listener; closing the watch interrupts it, and returns at once. After that nothing is published.
 */
public final class PollingSource implements EndpointSource {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final String name;
    private final Supplier<? extends Poll> polls;
    private final Pace pace;

    /** What one watch asks. Used by one thread at a time. */
    @FunctionalInterface
    public interface Poll extends AutoCloseable {

        /**
         * Asks once, tells {@code listener} what came of it (a list, or that the last still holds), and says how long to wait until it is to ask again. May
         * block until there is news, and is interrupted when the watch is closed.
         *
         * @return the wait; zero only if it waits by itself
         * @throws Exception if there is trouble, which is then reported
         */
        Duration ask(Listener listener) throws Exception;

        /** Called once, after the last {@link #ask}, by the thread that asked. Does nothing unless overridden. */
        @Override
        default void close() {}
    }

    /** How long to wait. */
    record Pace(Duration firstBackoff, Duration mostBackoff, Duration refreshEvery) {}

    private PollingSource(String name, Supplier<? extends Poll> polls, Pace pace) {
        this.name = name;
        this.polls = polls;
        this.pace = pace;
    }

    /**
     * A source that asks by {@code polls}, which makes what a watch asks, on the watch's thread; what it throws is trouble like any other.
     *
     * @param name what it asks, in words for people: its {@link #toString}, and part of its threads' names. No credentials
     */
    public static PollingSource of(String name, Supplier<? extends Poll> polls) {
        return new PollingSource(
                requireNonNull(name, "name"),
                requireNonNull(polls, "polls"),
                new Pace(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(1)));
    }

    /** A copy that waits after trouble at least half of {@code first}, then twice as long each time, up to {@code most}: 1 ms to 1 day.
     *
     * @throws IllegalArgumentException if one is out of range, or {@code most} is shorter than {@code first} */
    public PollingSource withBackoff(Duration first, Duration most) {
        check("first", first);
        check("most", most);
        if (most.compareTo(first) < 0) {
            throw new IllegalArgumentException("most is " + most + ", but must not be shorter than first, " + first);
        }
        return new PollingSource(name, polls, new Pace(first, most, pace.refreshEvery()));
    }

    /** A copy that asks no sooner than this after it asked last when it is made to ask sooner: 1 ms to 1 day, default 1 s.
     *
     * @throws IllegalArgumentException if it is out of range */
    public PollingSource withRefreshEvery(Duration shortest) {
        check("refreshEvery", shortest);
        return new PollingSource(name, polls, new Pace(pace.firstBackoff(), pace.mostBackoff(), shortest));
    }

    private static void check(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + SHORTEST + " to " + LONGEST);
        }
    }

    /** Begins to ask, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        Defaults.Pauses pauses = new Defaults.Pauses();
        PollingWatch watch =
                new PollingWatch(polls, requireNonNull(listener, "listener"), pace, pauses, Defaults.random());
        return watch.on(Defaults.start("evenkeel-" + name, watch));
    }

    /** What it asks. */
    @Override
    public String toString() {
        return name;
    }
}
