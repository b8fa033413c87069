package io.evenkeel.benchmarks.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a replica is, and what it goes through.
 *
 * @param slots how many calls it works on at once; with processor sharing, how many it does at full speed
 * @param shared whether all calls there share the slots; else they queue for them, first come, first served
 * @param start how it does at first
 * @param courses what changes that, each in one run after another in its own way
 * @param weight of its endpoint
 * @param drops whether it drops calls from its queue whose callers wait no longer; those it works on it ends in any case
 * @param listed while it is among the endpoints that clients know
 * @param zone of its endpoint; "" for none
 */
public record Script(
        int slots,
        boolean shared,
        Condition start,
        List<Course> courses,
        double weight,
        boolean drops,
        Listed listed,
        String zone) {

    /** Checks the slots.
     *
     * @throws IllegalArgumentException if there are none */
    public Script {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + ", but must be at least 1");
        }
    }

    /** "As many as come", as a number of slots. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** One that works on {@code slots} calls at once, at speed 1, in the order they come. */
    public static Script of(int slots) {
        return new Script(slots, false, Condition.WELL, List.of(), 1, false, Listed.ALWAYS, "");
    }

    /** A copy whose calls share the slots. */
    public Script sharing() {
        return new Script(slots, true, start, courses, weight, drops, listed, zone);
    }

    /** A copy that begins as {@code condition} says. */
    public Script starting(Condition condition) {
        return new Script(slots, shared, condition, courses, weight, drops, listed, zone);
    }

    /** A copy of another speed from the start. */
    public Script speed(double speed) {
        return starting(start.speed(speed));
    }

    /** A copy whose endpoint has another weight. */
    public Script weight(double weight) {
        return new Script(slots, shared, start, courses, weight, drops, listed, zone);
    }

    /** A copy that drops calls from its queue whose callers wait no longer. */
    public Script dropping() {
        return new Script(slots, shared, start, courses, weight, true, listed, zone);
    }

    /** A copy that changes to {@code condition} at {@code time}. */
    public Script at(Duration time, Condition condition) {
        return through(random -> List.of(new Change(time.toNanos(), condition)));
    }

    /** A copy that starts at {@code speed} and has warmed up after {@code time}. */
    public Script coldFor(Duration time, double speed) {
        return speed(speed).at(time, start);
    }

    /** A copy that clients learn of at {@code time}. */
    public Script joining(Duration time) {
        return new Script(
                slots, shared, start, courses, weight, drops, new Listed(time.toNanos(), listed.untilNanos), zone);
    }

    /** A copy that clients are told at {@code time} is no longer there; it ends what it has begun. */
    public Script leaving(Duration time) {
        return new Script(
                slots, shared, start, courses, weight, drops, new Listed(listed.fromNanos, time.toNanos()), zone);
    }

    /** A copy whose endpoint is in a zone. */
    public Script zone(String zone) {
        return new Script(slots, shared, start, courses, weight, drops, listed, zone);
    }

    /** A copy that goes through {@code course}, too. */
    public Script through(Course course) {
        List<Course> more = new ArrayList<>(courses);
        more.add(course);
        return new Script(slots, shared, start, List.copyOf(more), weight, drops, listed, zone);
    }

    /** A copy that goes through nothing. */
    Script undisturbed() {
        return new Script(slots, shared, start, List.of(), weight, drops, listed, zone);
    }

    /** How much work it can do in a unit of time, at the start. */
    double capacity() {
        return slots * start.speed() / start.stretch();
    }

    /**
     * While a replica is listed.
     *
     * @param fromNanos the first moment, since the start
     * @param untilNanos the moment from which on it is not
     */
    public record Listed(long fromNanos, long untilNanos) {

        /** From the start, for ever. */
        public static final Listed ALWAYS = new Listed(0, Long.MAX_VALUE);

        boolean at(long nanos) {
            return nanos >= fromNanos && nanos < untilNanos;
        }

        /** When that changes. */
        LongStream changes() {
            return LongStream.of(fromNanos, untilNanos).filter(change -> change > 0 && change < Long.MAX_VALUE);
        }
    }

    /**
     * How a replica does.
     *
     * @param speed at which it works on all it has; 0: it has stopped, and goes on when that changes
     * @param stretch by which the work of calls that begin now is more than it would be
     * @param failsAfterMicros it answers every call with a failure after so long, and does no work
     */
    public record Condition(double speed, double stretch, OptionalInt failsAfterMicros) {

        /** Checks what can be checked.
         *
         * @throws IllegalArgumentException naming the bad value and its range */
        public Condition {
            if (!(speed >= 0 && speed < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("speed is " + speed + ", but must be at least 0 and finite");
            }
            if (!(stretch > 0 && stretch < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("stretch is " + stretch + ", but must be above 0 and finite");
            }
        }

        /** Working at speed 1. */
        public static final Condition WELL = new Condition(1, 1, OptionalInt.empty());

        /** Nothing moves. */
        public static final Condition STOPPED = WELL.speed(0);

        /** A copy of another speed. */
        public Condition speed(double speed) {
            return new Condition(speed, stretch, failsAfterMicros);
        }

        /** Working, but on calls that take {@code stretch} times as long. */
        public static Condition slow(double stretch) {
            return new Condition(1, stretch, OptionalInt.empty());
        }

        /** Failing every call after {@code time}. */
        public static Condition failing(Duration time) {
            return new Condition(1, 1, OptionalInt.of(Math.toIntExact(time.toNanos() / 1_000)));
        }
    }

    /**
     * Another condition, from a point of time on.
     *
     * @param atNanos since the start, 0 or more
     * @param condition what it is then
     */
    public record Change(long atNanos, Condition condition) {}

    /** What a replica goes through. */
    @FunctionalInterface
    public interface Course {

        /** The changes of one run, in the order of time; asked once a run, read as time passes, and so perhaps endless. */
        Iterable<Change> changes(RandomGenerator random);

        /** Stops for {@code length}, as for a collection of garbage, after a time that is exponentially distributed about
         * {@code every}; again and again. */
        static Course pauses(Duration every, Duration length) {
            return random -> endless(at(0, Condition.WELL), last -> {
                boolean stops = last.condition().equals(Condition.WELL);
                long wait = stops ? exponential(every, random) : length.toNanos();
                return at(last.atNanos() + wait, stops ? Condition.STOPPED : Condition.WELL);
            });
        }

        /** Takes a speed drawn anew, at first and after times that are exponentially distributed about {@code every}: what
         * the neighbours on a shared machine leave. */
        static Course neighbours(Duration every, ToDoubleFunction<RandomGenerator> speed) {
            return random -> endless(
                    at(0, Condition.WELL.speed(speed.applyAsDouble(random))),
                    last -> at(
                            last.atNanos() + exponential(every, random),
                            Condition.WELL.speed(speed.applyAsDouble(random))));
        }

        private static Iterable<Change> endless(Change first, UnaryOperator<Change> next) {
            return () -> Stream.iterate(first, next).iterator();
        }

        private static Change at(long nanos, Condition condition) {
            return new Change(nanos, condition);
        }

        private static long exponential(Duration mean, RandomGenerator random) {
            return Math.round(random.nextExponential() * mean.toNanos());
        }
    }
}
