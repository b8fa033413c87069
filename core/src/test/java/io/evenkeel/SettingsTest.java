package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every settings record takes what is in range, and refuses anything else by name, value and range. */
class SettingsTest {

    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final int ROUNDS = 5_000;

    private final SplittableRandom random = new SplittableRandom(8);

    /** What is wrong with the values of one round, in the words that a message must have. */
    private final List<String> wrong = new ArrayList<>();

    private int anInt(String name, int least, int most) {
        int[] edges = {least, most, least - 1, most + 1, 0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE};
        int value = random.nextInt(10) > 0 ? random.nextInt(least, most + 1) : edges[random.nextInt(edges.length)];
        check(value >= least && value <= most, name, value);
        return value;
    }

    private double aShare(String name) {
        double[] edges = {
            0, -0.0, 1, -1, Double.MIN_VALUE, -Double.MIN_VALUE, Math.nextUp(1.0), Double.NaN, Double.POSITIVE_INFINITY
        };
        double value = random.nextInt(10) > 0 ? random.nextDouble(0.01, 1) : edges[random.nextInt(edges.length)];
        check(value > 0 && value <= 1, name, value);
        return value;
    }

    private Duration aDuration(String name, Duration most) {
        Duration[] edges = {
            Duration.ZERO,
            Duration.ofNanos(1),
            Duration.ofNanos(-1),
            most,
            most.plusNanos(1),
            LONGEST.plusNanos(1),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Duration.ofSeconds(Long.MIN_VALUE)
        };
        Duration value = random.nextInt(10) > 0
                ? Duration.ofNanos(random.nextLong(1, most.toNanos()))
                : edges[random.nextInt(edges.length)];
        check(value.isPositive() && value.compareTo(most) <= 0, name, value);
        return value;
    }

    private void check(boolean right, String name, Object value) {
        if (!right) {
            wrong.add(name + " is " + value + ", but must be ");
        }
    }

    private void assertOnlyRightOnesAreMade(Supplier<?> make) {
        Throwable thrown = catchThrowable(make::get);
        if (wrong.isEmpty()) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
            assertThat(wrong).as(thrown.getMessage()).anyMatch(thrown.getMessage()::contains);
        }
        wrong.clear();
    }

    @Test
    void aBreakerIsInRangeOrRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            int window = anInt("window", 2, 1_000);
            if (window == 0) {
                wrong.clear();
            }
            int minimumCalls = window < 2 || window > 1_000 ? random.nextInt() : anInt("minimumCalls", 1, window);
            double failureShare = aShare("failureShare");
            check(failureShare >= 0.001, "failureShare", failureShare);
            Duration openFor = aDuration("openFor", LONGEST);
            Duration maxOpenFor = aDuration("maxOpenFor", LONGEST);
            check(maxOpenFor.compareTo(openFor) >= 0, "maxOpenFor", maxOpenFor);
            int trials = anInt("trials", 1, 100);
            assertOnlyRightOnesAreMade(
                    () -> new Breaker(window, minimumCalls, failureShare, openFor, maxOpenFor, trials, false));
        }
    }

    @Test
    void outliersAreInRangeOrRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            int consecutiveFailures = anInt("consecutiveFailures", 0, 1_000);
            Duration ejectFor = aDuration("ejectFor", LONGEST);
            Duration maxEjectFor = aDuration("maxEjectFor", LONGEST);
            check(maxEjectFor.compareTo(ejectFor) >= 0, "maxEjectFor", maxEjectFor);
            double maxShare = aShare("maxShare");
            Duration probeEvery = aDuration("probeEvery", LONGEST);
            assertOnlyRightOnesAreMade(() ->
                    new Outliers(consecutiveFailures, ejectFor, maxEjectFor, maxShare, 0.2, 5, false, probeEvery));
        }
    }

    @Test
    void howMuchWorseAnOutlierIsIsInRangeOrRefused() {
        for (double margin : new double[] {0, 0.05, 0.9}) {
            assertThat(Outliers.defaults().withFailureMargin(margin).failureMargin())
                    .isEqualTo(margin);
        }
        for (double margin : new double[] {-0.1, 0.04, 0.91, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Outliers.defaults().withFailureMargin(margin))
                    .withMessageContaining("failureMargin is " + margin);
        }
        for (double slowness : new double[] {0, 2, 1_000}) {
            assertThat(Outliers.defaults().withSlowness(slowness).slowness()).isEqualTo(slowness);
        }
        for (double slowness : new double[] {-1, 1, 1_001, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Outliers.defaults().withSlowness(slowness))
                    .withMessageContaining("slowness is " + slowness);
        }
    }

    @Test
    void aRetryIsInRangeOrRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            int attempts = anInt("attempts", 1, 10);
            Optional<Duration> attemptTimeout =
                    random.nextBoolean() ? Optional.empty() : Optional.of(aDuration("attemptTimeout", LONGEST));
            Duration backoff = aDuration("backoff", Duration.ofMinutes(1));
            assertOnlyRightOnesAreMade(() -> new Retry(attempts, attemptTimeout, backoff));
        }
    }

    @Test
    void aSlowStartIsInRangeOrRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            Duration over = aDuration("over", LONGEST);
            assertOnlyRightOnesAreMade(() -> SlowStart.over(over));
        }
    }

    @Test
    void aLimitIsInRangeOrRefused() {
        for (int inFlight : new int[] {1, 64, 1_000_000}) {
            assertThat(Limit.perReplica(inFlight).inFlight()).isEqualTo(inFlight);
        }
        for (int inFlight : new int[] {Integer.MIN_VALUE, -1, 0, 1_000_001, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Limit.perReplica(inFlight))
                    .withMessageContaining("inFlight")
                    .withMessageContaining(String.valueOf(inFlight));
        }
        assertThat(Limit.off().isOff()).isTrue();
        assertThat(Limit.adaptive()).isEqualTo(new Limit(1_000, Limit.Kind.GRADIENT, 0, false));
        assertThat(Limit.aimd()).isEqualTo(new Limit(1_000, Limit.Kind.AIMD, 0, false));
        assertThat(Limit.perReplica(1).isOff()).isFalse();
        assertThat(Limit.perReplica(8).withQueue(100)).isEqualTo(new Limit(8, Limit.Kind.FIXED, 100, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.off().withQueue(1))
                .withMessageContaining("queue is 1, but without a limit nobody waits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.perReplica(8).withQueue(-1))
                .withMessageContaining("queue is -1");
    }

    @Test
    void aDeadlineIsInRangeOrRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            Duration deadline = aDuration("deadline", LONGEST);
            assertOnlyRightOnesAreMade(() -> Call.any().withDeadline(deadline));
        }
    }

    @Test
    void aWeightIsInRangeOrRefused() {
        Endpoint endpoint = Endpoint.of("http://orders");
        for (int round = 0; round < ROUNDS; round++) {
            double weight = Double.longBitsToDouble(random.nextLong());
            check(weight >= 0 && weight <= 1_000_000, "weight", weight);
            assertOnlyRightOnesAreMade(() -> endpoint.withWeight(weight));
        }
    }

    @Test
    void theDefaultsAreWhatTheirDescriptionsSay() {
        assertThat(Breaker.defaults())
                .isEqualTo(new Breaker(32, 16, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(60), 3, false));
        assertThat(Outliers.defaults())
                .isEqualTo(new Outliers(
                        5, Duration.ofSeconds(1), Duration.ofSeconds(60), 0.5, 0.2, 5, false, Duration.ofSeconds(2)));
        assertThat(SlowStart.defaults()).isEqualTo(SlowStart.over(Duration.ofSeconds(30)));
        assertThat(SlowStart.off().isOff()).isTrue();
        assertThat(SlowStart.defaults().isOff()).isFalse();
        assertThat(Retry.upTo(3)).isEqualTo(new Retry(3, Optional.empty(), Duration.ofMillis(10)));
        assertThat(Retry.none().attempts()).isEqualTo(1);
        assertThat(Breaker.defaults().isOff()).isFalse();
        assertThat(Outliers.defaults().isOff()).isFalse();
        assertThat(Breaker.off().isOff()).isTrue();
        assertThat(Outliers.off().isOff()).isTrue();
    }

    @Test
    void aCopyChangesWhatItSays() {
        Duration one = Duration.ofSeconds(1);
        Duration two = Duration.ofSeconds(2);
        assertThat(Breaker.defaults()
                        .withWindow(20, 10)
                        .withFailureShare(0.25)
                        .withOpenFor(one, two)
                        .withTrials(7)
                        .withDryRun(true))
                .isEqualTo(new Breaker(20, 10, 0.25, one, two, 7, true));
        assertThat(Outliers.defaults()
                        .withConsecutiveFailures(9)
                        .withEjectFor(one, two)
                        .withMaxShare(0.75)
                        .withFailureMargin(0.1)
                        .withSlowness(3)
                        .withDryRun(true)
                        .withProbeEvery(one))
                .isEqualTo(new Outliers(9, one, two, 0.75, 0.1, 3, true, one));
        assertThat(Retry.upTo(4).withAttemptTimeout(two).withBackoff(one))
                .isEqualTo(new Retry(4, Optional.of(two), one));
    }

    @Test
    void aBreakerThatIsOffCanBeTurnedOn() {
        assertThat(Breaker.off().withWindow(10, 5).isOff()).isFalse();
        assertThat(Outliers.off().withConsecutiveFailures(1).isOff()).isFalse();
    }

    @Test
    void aLongestTimeShorterThanTheFirstIsRefusedWithBoth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Breaker.defaults().withOpenFor(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("maxOpenFor is PT1S, but must be at least openFor, which is PT2S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Outliers.defaults().withEjectFor(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("maxEjectFor is PT1S, but must be at least ejectFor, which is PT2S");
    }

    @Test
    void nothingIsNull() {
        Duration one = Duration.ofSeconds(1);
        assertThatNullPointerException().isThrownBy(() -> Breaker.defaults().withOpenFor(null, one));
        assertThatNullPointerException().isThrownBy(() -> Breaker.defaults().withOpenFor(one, null));
        assertThatNullPointerException().isThrownBy(() -> Outliers.defaults().withEjectFor(null, one));
        assertThatNullPointerException().isThrownBy(() -> Outliers.defaults().withEjectFor(one, null));
        assertThatNullPointerException().isThrownBy(() -> Outliers.defaults().withProbeEvery(null));
        assertThatNullPointerException().isThrownBy(() -> SlowStart.over(null));
        assertThatNullPointerException().isThrownBy(() -> Retry.upTo(3).withAttemptTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> Retry.upTo(3).withBackoff(null));
        assertThatNullPointerException().isThrownBy(() -> new Retry(3, null, one));
        assertThatNullPointerException().isThrownBy(() -> EndpointSource.of(null));
        assertThatNullPointerException()
                .isThrownBy(() -> EndpointSource.of(
                        new ArrayList<>(Optional.<Endpoint>empty().stream().toList()) {
                            private static final long serialVersionUID = 1;

                            {
                                add(null);
                            }
                        }));
    }

    @Test
    void aHedgeIsInRangeOrRefused() {
        for (double percentile : new double[] {0.5, 0.95, 0.999}) {
            assertThat(Hedge.atPercentile(percentile).percentile()).isEqualTo(percentile);
        }
        for (double percentile : new double[] {0, 0.49, 1, -1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Hedge.atPercentile(percentile))
                    .withMessage("percentile is " + percentile + ", but must be 0.5 to 0.999");
        }
        for (Duration wait : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(36_501))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Hedge.after(wait))
                    .withMessageContaining("after is " + wait);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hedge(Optional.of(Duration.ofMillis(50)), 0.95))
                .withMessageContaining("only one of them");
    }

    @Test
    void aHealthCheckAsksForAPathOrIsRefused() {
        assertThat(HealthCheck.get("/healthz?deep=1").way()).isInstanceOf(HealthCheck.Get.class);
        for (String path : new String[] {"", "healthz", "//other/healthz", "/with space", "/a#b", "http://other/"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HealthCheck.get(path))
                    .withMessageContaining(path);
        }
    }

    @Test
    void aGuardIsInRangeOrRefused() {
        assertThat(Guard.defaults()).isEqualTo(new Guard(0.5, Duration.ofSeconds(60), false));
        assertThat(Guard.off().mostRemoved()).isEqualTo(1);
        assertThat(Guard.defaults()
                        .withMostRemoved(0)
                        .withLastResort(Duration.ofHours(1))
                        .withDryRun(true))
                .isEqualTo(new Guard(0, Duration.ofHours(1), true));
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Guard.defaults().withMostRemoved(share))
                    .withMessageContaining("mostRemoved is " + share);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Guard.defaults().withLastResort(Duration.ZERO))
                .withMessageContaining("lastResort is PT0S");
    }
}
