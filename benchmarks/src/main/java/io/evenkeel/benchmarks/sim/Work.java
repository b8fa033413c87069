package io.evenkeel.benchmarks.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How much work calls are: the time each takes on a replica of speed 1 that does nothing else. */
public interface Work {

    /** Its mean, in nanoseconds. */
    double meanNanos();

    /** The work of one call, in nanoseconds, at least 0. */
    double drawNanos(RandomGenerator random);

    /** All calls alike. */
    static Work constant(Duration each) {
        double nanos = each.toNanos();
        return of(nanos, random -> nanos);
    }

    /** Exponentially distributed. */
    static Work exponential(Duration mean) {
        double nanos = mean.toNanos();
        return of(nanos, random -> random.nextExponential() * nanos);
    }

    /** Of two kinds: a share of the calls is {@code rare}, the others are {@code usual}. */
    static Work mixed(double share, Work rare, Work usual) {
        return of(
                share * rare.meanNanos() + (1 - share) * usual.meanNanos(),
                random -> (random.nextDouble() < share ? rare : usual).drawNanos(random));
    }

    private static Work of(double meanNanos, Draw draw) {
        return new Work() {
            @Override
            public double meanNanos() {
                return meanNanos;
            }

            @Override
            public double drawNanos(RandomGenerator random) {
                return draw.nanos(random);
            }
        };
    }

    /** One draw. */
    @FunctionalInterface
    interface Draw {
        /** In nanoseconds. */
        double nanos(RandomGenerator random);
    }
}
