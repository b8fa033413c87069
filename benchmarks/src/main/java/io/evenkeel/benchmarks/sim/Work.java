package io.evenkeel.benchmarks.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How much work calls are: the time each takes on a replica of speed 1 that does nothing else. */
public interface Work {

    /** Of a normal distribution with mean and standard deviation 1, given that it is above 0: 1 + density(1) / probability(1). */
    double MEAN_ABOVE_0 = 1.287_599_97;

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

    /** Normally distributed with a standard deviation as large as the mean, drawn again until it is above 0, and scaled so
     * that {@code mean} is the mean of what is left: Prequal's test bed. */
    static Work normal(Duration mean) {
        double nanos = mean.toNanos();
        return of(nanos, random -> {
            double times = -1;
            while (times <= 0) {
                times = random.nextGaussian(1, 1);
            }
            return times / MEAN_ABOVE_0 * nanos;
        });
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
