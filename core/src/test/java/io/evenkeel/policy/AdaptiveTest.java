package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static io.evenkeel.policy.FakeReplica.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adaptive selector knows and prefers, one thing at a time. */
class AdaptiveTest extends PolicyContract {

    private static final long MILLIS = 1_000_000;
    private static final long SECOND = 1_000 * MILLIS;
    /** The mean latency of the fleet in these tests. */
    private static final long MEAN = 10 * MILLIS;

    private final List<FakeReplica> fleet = fleet(20);

    @Override
    Policy policy() {
        return Policy.adaptive();
    }

    /** In flight and last started, of the two drawn, and in flight of ten that are remembered. */
    @Override
    int mostLooks() {
        return 14;
    }

    private Selector selector(Adaptive policy, List<FakeReplica> some) {
        some.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
        return policy.selector(List.copyOf(some), Optional.empty(), 0, random);
    }

    private static void call(Selector selector, FakeReplica replica, Outcome outcome, long latency, long end) {
        selector.started(replica, end - latency);
        selector.answered(replica, outcome, latency, end);
    }

    /** A selector that knows the mean latency of the fleet, and nothing of replicas 0 to 4. */
    private Selector warm(Adaptive policy) {
        Selector selector = selector(policy, fleet);
        warm(selector, 0);
        return selector;
    }

    private void warm(Selector selector, long from) {
        for (int i = 0; i < 450; i++) { // so that the client is no longer young
            call(selector, fleet.get(5 + i % 15), Outcome.SUCCESS, MEAN, from + i * MILLIS);
        }
    }

    private Selector warm() {
        return warm(Policy.adaptive());
    }

    private double score(Selector selector, int replica, long now) {
        return selector.score(fleet.get(replica), now);
    }

    @Test
    void anUnknownReplicaIsAverage() {
        Selector selector = warm();
        assertThat(score(selector, 0, SECOND)).isCloseTo(1, within(1e-3));
        assertThat(score(selector, 5, SECOND)).isCloseTo(1, within(1e-3));
    }

    @Test
    void whatWasLearntDecaysTowardsTheMean() {
        Selector selector = warm();
        for (int i = 0; i < 100; i++) {
            call(selector, fleet.get(0), Outcome.SUCCESS, 5 * MEAN, SECOND);
        }
        double before = score(selector, 0, SECOND);
        // 60 answers of 5 and a prior of 2, of a mean that these answers have raised to less than 5.
        assertThat(before).isBetween(1.0, 5.0);
        for (int k = 1; k < 6; k++) {
            double now = score(selector, 0, SECOND + 10L * k * SECOND);
            assertThat(now).isBetween(0.999, before);
            before = now;
        }
        assertThat(before).isLessThan(1.3);
    }

    /**
     * 60 answers, of which a fifth of the decay (50 mean latencies) has left e^-0.2, and a prior of 2; nothing of the last
     * answer is left after 10 mean latencies.
     */
    @Test
    void aBusyClientGoesByTheLastSixtyAnswers() {
        Selector selector = warm(Policy.adaptive().withDecay(Duration.ofHours(1)));
        for (int i = 0; i < 1_000; i++) {
            call(selector, fleet.get(5), Outcome.SUCCESS, i < 600 ? MEAN : MEAN / 2, SECOND + i);
            for (int j = 6; j < 20; j++) {
                call(selector, fleet.get(j), Outcome.SUCCESS, MEAN, SECOND + i);
            }
        }
        // One of 15 has half the latency: the mean is 0.967 of the others.
        double answers = 60 * Math.exp(-0.2);
        long now = SECOND + 10 * MEAN;
        assertThat(score(selector, 5, now) / score(selector, 6, now))
                .isCloseTo((answers * 0.5 / 0.967 + 2) / (answers / 0.967 + 2), within(0.03));
    }

    /** Whatever is known of it: the last 16 answers were average. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 16, 100})
    void aReplicaThatStopsAnsweringCostsFourTimesTheOthersBeforeAnyTimeout(int answers) {
        Selector selector = warm();
        long now = SECOND;
        for (int i = 0; i < answers; i++, now += MEAN) {
            call(selector, fleet.get(0), Outcome.SUCCESS, MEAN, now);
            call(selector, fleet.get(1), Outcome.SUCCESS, MEAN, now);
        }
        selector.started(fleet.get(0), now);
        fleet.get(0).inFlight = 1;
        long then = now + 8 * MEAN;
        assertThat(score(selector, 0, then) / score(selector, 1, then)).isGreaterThan(4);
    }

    @Test
    void withoutCensoringAHangIsSeenByTheCallsInFlightOnly() {
        Selector selector = warm(Policy.adaptive().withCensoring(false));
        selector.started(fleet.get(0), SECOND);
        assertThat(score(selector, 0, 100 * SECOND)).isCloseTo(1, within(1e-3));
    }

    /** At least the charge while it was the last answer; beyond 2 by its square. */
    @Test
    void aFailureIsChargedWithTenMeanLatencies() {
        Selector selector = warm();
        call(selector, fleet.get(0), Outcome.FAILURE, MILLIS, SECOND);
        call(selector, fleet.get(1), Outcome.OVERLOADED, MILLIS, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(10 * 10 / 2, within(0.01));
        assertThat(score(selector, 1, SECOND)).isEqualTo(score(selector, 0, SECOND));
        Selector off = warm(Policy.adaptive().withFailureCharge(0));
        call(off, fleet.get(0), Outcome.FAILURE, MILLIS, SECOND);
        assertThat(score(off, 0, SECOND)).isLessThan(1);
    }

    @Test
    void failuresBeforeTheFirstSuccessAreChargedToo() {
        Selector selector = selector(Policy.adaptive(), fleet);
        call(selector, fleet.get(0), Outcome.FAILURE, MILLIS / 10, MILLIS);
        assertThat(score(selector, 0, MILLIS)).isGreaterThan(3 * score(selector, 1, MILLIS));
        warm(selector, 2 * MILLIS);
        assertThat(score(selector, 0, 302 * MILLIS)).isGreaterThan(3);
    }

    @Test
    void aCancelledCallIsNewsIfItTookLongOnly() {
        Selector selector = warm();
        call(selector, fleet.get(0), Outcome.IGNORED, MILLIS, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(1, within(1e-3));
        call(selector, fleet.get(0), Outcome.IGNORED, 30 * MEAN, SECOND);
        assertThat(score(selector, 0, SECOND)).isGreaterThan(4);
    }

    @Test
    void noReplicaLooksMoreThanFourTimesBetter() {
        Selector selector = warm();
        for (int i = 0; i < 100; i++) {
            call(selector, fleet.get(0), Outcome.SUCCESS, 1, SECOND);
        }
        assertThat(score(selector, 0, SECOND)).isCloseTo(0.25, within(1e-9));
    }

    /** A decay after the last failure, of ten; a slow answer is long forgotten. */
    @Test
    void failuresAreHeldAgainstAReplicaForTheWholeDecayAlsoByABusyClient() {
        Selector selector = warm();
        for (int i = 0; i < 10; i++) {
            call(selector, fleet.get(0), Outcome.FAILURE, MILLIS, SECOND);
            call(selector, fleet.get(1), Outcome.SUCCESS, 10 * MEAN, SECOND);
        }
        assertThat(score(selector, 0, 11 * SECOND)).isGreaterThan(5);
        assertThat(score(selector, 1, 11 * SECOND)).isLessThan(2);
        assertThat(score(selector, 0, 41 * SECOND)).isLessThan(2);
    }

    /** Sixty good answers do not outvote it: the next call would be the next error. */
    @Test
    void oneFailureIsEnoughHoweverManyAnswersWereGood() {
        Selector selector = warm();
        for (int i = 0; i < 100; i++) {
            call(selector, fleet.get(0), Outcome.SUCCESS, MEAN, SECOND);
        }
        call(selector, fleet.get(0), Outcome.FAILURE, MILLIS, SECOND);
        assertThat(score(selector, 0, SECOND)).isGreaterThan(30);
        call(selector, fleet.get(0), Outcome.SUCCESS, MEAN, SECOND);
        assertThat(score(selector, 0, SECOND)).isLessThan(1.3);
    }

    /** One call of fifty fails wherever it goes: no sign of one replica, and none is left alone for it. */
    @Test
    void whereFailuresAreManyOneMoreIsNoNews() {
        Selector selector = warm();
        for (int i = 0; i < 2_000; i++) {
            Outcome outcome = i % 49 == 0 ? Outcome.FAILURE : Outcome.SUCCESS;
            call(selector, fleet.get(i % 20), outcome, MEAN, SECOND + i * MILLIS);
        }
        long now = SECOND + 2_000 * MILLIS;
        call(selector, fleet.get(7), Outcome.FAILURE, MEAN, now);
        assertThat(score(selector, 7, now)).isLessThan(10);
    }

    @Test
    void aLatencyBeyondTwiceTheMeanCountsWithItsSquare() {
        Selector selector = warm(Policy.adaptive().withShrinkage(false));
        call(selector, fleet.get(0), Outcome.SUCCESS, 19 * MEAN / 10, SECOND);
        call(selector, fleet.get(1), Outcome.SUCCESS, 4 * MEAN, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(1.9, within(0.2));
        assertThat(score(selector, 1, SECOND)).isCloseTo(8, within(1.5));
    }

    /** Blind, in flight counts with the third power; well informed, nearly as it is. */
    @Test
    void callsInFlightCountTheMoreTheLessIsKnown() {
        Selector selector = warm();
        fleet.get(0).inFlight = 2;
        assertThat(score(selector, 0, SECOND)).isCloseTo(27, within(0.1));
        fleet.get(5).inFlight = 2;
        assertThat(score(selector, 5, SECOND)).isBetween(3.0, 12.0);
    }

    // Memory.

    /** Uses up what is remembered. */
    private Selector spent(Selector selector) {
        for (int i = 0; i < 1_000; i++) {
            selector.select(Call.any(), SECOND, random);
        }
        return selector;
    }

    private void busyBut(int replica) {
        fleet.forEach(busy -> busy.inFlight = 1);
        fleet.get(replica).inFlight = 0;
    }

    /** Drawn it would be with 2 / 20; remembered it is always, but once for each answer. */
    @Test
    void whoeverAnsweredWellIsPreferredOnce() {
        Selector selector = spent(warm());
        busyBut(3);
        for (int i = 0; i < 1_000; i++) {
            call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
            assertThat(selector.select(Call.any(), SECOND, random)).isEqualTo(3);
        }
        assertThat(shareOf(selector, 3, SECOND)).isCloseTo(0.1, within(0.011));
        call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        Call repeat = Call.any().withTried(fleet.get(3).endpoint());
        for (int i = 0; i < 1_000; i++) {
            assertThat(selector.select(repeat, SECOND, random)).isNotEqualTo(3);
        }
    }

    private double shareOf(Selector selector, int replica, long now) {
        int picks = 20_000;
        int won = 0;
        for (int i = 0; i < picks; i++) {
            won += selector.select(Call.any(), now, random) == replica ? 1 : 0;
        }
        return (double) won / picks;
    }

    /** An idle one among busy ones wins when it is drawn: 2 / 20; five sigma are 0.011. */
    @Test
    void whoeverIsNotRememberedIsPickedIfDrawn() {
        Selector off = spent(warm(Policy.adaptive().withMemory(false)));
        call(off, fleet.get(3), Outcome.SUCCESS, MEAN, SECOND);
        busyBut(3);
        assertThat(shareOf(off, 3, SECOND)).isCloseTo(0.1, within(0.011));
        fleet.forEach(busy -> busy.inFlight = 0);
        Selector late = spent(warm());
        busyBut(3);
        call(late, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        assertThat(late.select(Call.any(), SECOND + 49 * MEAN, random)).isEqualTo(3);
        call(late, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        assertThat(shareOf(late, 3, SECOND + 51 * MEAN)).isCloseTo(0.1, within(0.011));
    }

    @Test
    void aFailureIsForgotten() {
        Selector selector = spent(warm(Policy.adaptive().withFailureCharge(0)));
        call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        call(selector, fleet.get(3), Outcome.FAILURE, MEAN, SECOND);
        busyBut(3);
        assertThat(shareOf(selector, 3, SECOND)).isCloseTo(0.1, within(0.011));
    }

    @Test
    void aBodyThatBreaksOffIsAFailureAfterASuccess() {
        Selector selector = spent(warm());
        call(selector, fleet.get(3), Outcome.SUCCESS, MEAN, SECOND);
        double before = score(selector, 3, SECOND);
        selector.brokeOff(fleet.get(3), SECOND);
        assertThat(score(selector, 3, SECOND)).isGreaterThan(10 * before);
        busyBut(3);
        assertThat(shareOf(selector, 3, SECOND)).as("nor is it remembered").isZero();
    }

    /**
     * One call after the other, and the first to each replica takes a hundred times as long. From the hundredth call on each of five
     * gets its share of 1,000, 200, but for five sigma, 89, since every second call may go where the one before went.
     */
    @Test
    void slowFirstCallsDoNotSendEverythingToOneReplica() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom chance = new SplittableRandom(seed);
            List<FakeReplica> five = FakeReplica.fleet(5);
            Selector selector = selector(Policy.adaptive(), five);
            long now = SECOND;
            int[] calls = new int[5];
            int[] late = new int[5];
            for (int i = 0; i < 1_100; i++) {
                int index = selector.select(Call.any(), now, chance);
                long took = calls[index]++ == 0 ? 100 * MEAN : MEAN;
                late[index] += i >= 100 ? 1 : 0;
                call(selector, five.get(index), Outcome.SUCCESS, took, now + took);
                five.get(index).lastStarted += (now - five.get(index).lastStarted) / 16;
                now += took + MEAN;
            }
            double reach = 5 * Math.sqrt(2 * 1_000 * 0.2 * 0.8);
            assertThat(Arrays.stream(late).boxed()).as("seed %d", seed).allMatch(each -> Math.abs(each - 200) <= reach);
        }
    }

    /**
     * Each call is faster than the one before, as they are while a process warms up. One of three replicas is in no pair with
     * probability 1/3: in none of twelve with 2e-6.
     */
    @Test
    void ofFewReplicasAYoungClientCallsEach() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom chance = new SplittableRandom(seed);
            List<FakeReplica> three = FakeReplica.fleet(3);
            Selector selector = selector(Policy.adaptive(), three);
            int[] calls = new int[3];
            long now = SECOND;
            long took = 64 * MEAN;
            for (int i = 0; i < 12; i++, took = took * 3 / 4) {
                int index = selector.select(Call.any(), now, chance);
                calls[index]++;
                call(selector, three.get(index), Outcome.SUCCESS, took, now + took);
                three.get(index).lastStarted = now;
                now += took + MEAN;
            }
            assertThat(calls).as("seed %d", seed).doesNotContain(0);
        }
    }

    /** Equal replicas of a quiet client: those remembered cost no less. */
    @Test
    void equalsAreNotPreferred() {
        Selector selector = spent(warm());
        call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        assertThat(shareOf(selector, 3, SECOND)).isLessThan(0.111);
    }

    /** Until it is known what it pays it is trusted, to find out. */
    @Test
    void theRememberedAreTrustedTheMoreTheMoreItPays() {
        Payoff payoff = new Payoff();
        assertThat(payoff.margin(1)).isEqualTo(4);
        assertThat(payoff.isNone()).isFalse();
        for (int i = 0; i < 1_000; i++) {
            payoff.answered(true, 80);
            payoff.answered(false, 100);
        }
        assertThat(payoff.margin(0)).isEqualTo(1);
        assertThat(payoff.margin(0.5)).isEqualTo(2.5);
        for (int i = 0; i < 5_000; i++) {
            payoff.answered(true, 90);
            payoff.answered(false, 100);
        }
        assertThat(payoff.margin(0)).isCloseTo(0.8, within(0.001));
        for (int i = 0; i < 5_000; i++) {
            payoff.answered(true, 100);
        }
        assertThat(payoff.margin(1)).isEqualTo(0.6);
        assertThat(payoff.isNone()).isTrue();
    }

    @Test
    void whileItIsNotKnownWhatItPaysEverySecondGoesByMemoryAtMost() {
        Payoff payoff = new Payoff();
        payoff.answered(true, 100);
        assertThat(payoff.margin(1)).isEqualTo(0.6);
        payoff.answered(false, 100);
        assertThat(payoff.margin(1)).isEqualTo(4);
    }

    @Test
    void memorySurvivesANewListInAnyOrder() {
        Selector selector = spent(warm());
        busyBut(3);
        List<Candidate> turned = new ArrayList<>(fleet.reversed());
        Selector next = policy().selector(turned, Optional.of(selector), SECOND, random);
        for (int i = 0; i < 1_000; i++) {
            call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
            assertThat(next.select(Call.any(), SECOND, random)).isEqualTo(16);
        }
        turned.remove(16);
        call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        Selector without = policy().selector(turned, Optional.of(next), SECOND, random);
        for (int i = 0; i < 1_000; i++) {
            assertThat(without.select(Call.any(), SECOND, random)).isBetween(0, 18);
        }
        // Of the fleet as it was before, the hint is wrong: it remembers nobody.
        assertThat(shareOf(selector, 3, SECOND)).isCloseTo(0.1, within(0.011));
    }

    @Test
    void aDepartedReplicaDoesNotHideWhoeverAnsweredBeforeIt() {
        Selector selector = spent(warm());
        busyBut(2);
        fleet.get(3).inFlight = 0;
        call(selector, fleet.get(2), Outcome.SUCCESS, MEAN / 2, SECOND);
        call(selector, fleet.get(3), Outcome.SUCCESS, MEAN / 2, SECOND);
        List<Candidate> left = new ArrayList<>(fleet);
        left.remove(3);
        Selector without = policy().selector(left, Optional.of(selector), SECOND, random);
        without.select(Call.any(), SECOND, random); // looks at the newest, and finds it gone
        assertThat(without.select(Call.any(), SECOND, random)).isEqualTo(2);
    }

    /** A heavy replica is drawn more often; being remembered must not give it everything beside that. */
    @Test
    void aQuietClientsWeightsHoldWithMemory() {
        List<FakeReplica> some = weighted(1, 2, 1);
        Selector selector = selector(Policy.adaptive(), some);
        long[] counts = new long[3];
        for (int i = 0; i < 60_000; i++) {
            int index = selector.select(Call.any(), i * SECOND / 10, random);
            counts[index]++;
            call(selector, some.get(index), Outcome.SUCCESS, MEAN, i * SECOND / 10 + MEAN);
        }
        Statistics.assertShares(counts, FakeReplica.weightShares(some), 0.005);
    }

    // Reports.

    @Test
    void aReportCountsInsteadOfTheEstimateUntilItIsOld() {
        Selector selector = warm();
        selector.reported(fleet.get(0), 9, 1.5 * MEAN, SECOND);
        fleet.get(0).inFlight = 3;
        assertThat(score(selector, 0, SECOND)).isCloseTo(1.5, within(0.01));
        selector.started(fleet.get(0), SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(1.5 * 1.1, within(0.01));
        fleet.get(0).inFlight = 0;
        double open = (1 + 2.0) / 2; // of which one is censored: its age beside a prior of 2
        assertThat(score(selector, 0, SECOND + MEAN)).isCloseTo(open + (1.5 * 1.1 - open) * Math.exp(-1), within(0.01));
        Selector off = warm(Policy.adaptive().withReports(false));
        off.reported(fleet.get(0), 9, 1.5 * MEAN, SECOND);
        assertThat(score(off, 0, SECOND)).isCloseTo(1, within(0.01));
    }

    /** An unknown replica is set against all, with a quarter of its own: 10 by 3/4 of 5 and 1/4 of 10; later against itself. */
    @Test
    void ofAReportWithoutLatencyTheCallsInFlightAreComparedWithTheUsualOnes() {
        Selector selector = warm();
        for (int i = 0; i < 200; i++) {
            selector.reported(fleet.get(5 + i % 15), 4, Double.NaN, SECOND);
        }
        selector.reported(fleet.get(0), 9, Double.NaN, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(10 / 6.25, within(0.05));
        for (int i = 0; i < 200; i++) {
            selector.reported(fleet.get(0), 9, Double.NaN, SECOND);
        }
        assertThat(score(selector, 0, SECOND)).isCloseTo(1, within(0.01));
        selector.reported(fleet.get(0), 4, Double.NaN, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(0.5, within(0.02));
    }

    /** Calls take a mean latency; of which, say the replicas, only half is theirs. */
    @Test
    void whatReplicasDoNotSeeOfTheWayIsAddedToWhatTheyReport() {
        Selector selector = warm();
        for (int i = 0; i < 200; i++) {
            selector.reported(fleet.get(5 + i % 15), 4, 0.5 * MEAN, SECOND);
        }
        assertThat(score(selector, 5, SECOND)).isCloseTo(1, within(0.01));
        selector.reported(fleet.get(0), 9, 1.5 * MEAN, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(2, within(0.05));
    }

    @Test
    void aReplicaHasAtLeastTheCallsThatThisClientHasInFlightThere() {
        Selector selector = warm();
        selector.reported(fleet.get(0), 1, 2 * MEAN, SECOND);
        fleet.get(0).inFlight = 5;
        double latency = 2 * (5 + 1) / (1 + 1.0);
        assertThat(score(selector, 0, SECOND)).isCloseTo(latency * latency / 2, within(0.1));
    }

    @Test
    void whoeverReportsNoMoreIsJudgedByItsAnswersHoweverManyCallsItGot() {
        Selector selector = warm();
        selector.reported(fleet.get(0), 0, MEAN, SECOND);
        for (int i = 0; i < 1_000; i++) {
            call(selector, fleet.get(0), Outcome.SUCCESS, MEAN, SECOND + i * MEAN / 10);
        }
        assertThat(score(selector, 0, SECOND + 100 * MEAN)).isCloseTo(1, within(0.05));
    }

    @Test
    void noReportIsBelievedForLong() {
        Selector selector = warm();
        selector.reported(fleet.get(0), 0, 1e6 * MEAN, SECOND);
        assertThat(score(selector, 0, SECOND)).isGreaterThan(1_000);
        assertThat(score(selector, 0, SECOND + 600 * MEAN)).isCloseTo(1, within(0.01));
    }

    @Test
    void aReplicaThatReturnsIsUnknown() {
        Selector selector = warm();
        selector.reported(fleet.get(0), 0, 50 * MEAN, SECOND);
        call(selector, fleet.get(0), Outcome.FAILURE, MILLIS, SECOND);
        selector.returned(fleet.get(0));
        assertThat(score(selector, 0, SECOND)).isCloseTo(1, within(0.01));
    }

    @Test
    void aReportThatBoastsIsBelievedFourfoldAtMost() {
        Selector selector = warm();
        for (int i = 0; i < 200; i++) {
            selector.reported(fleet.get(5 + i % 15), 1, MEAN, SECOND);
        }
        selector.reported(fleet.get(0), 0, 1, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(0.25, within(1e-9));
        for (double nonsense : new double[] {-1, Double.POSITIVE_INFINITY, 0}) {
            selector.reported(fleet.get(1), 1, nonsense, SECOND);
            selector.reported(fleet.get(1), nonsense - 1, 5 * MEAN, SECOND);
        }
        assertThat(score(selector, 1, SECOND)).isCloseTo(1, within(0.01));
    }

    // Settings.

    @Test
    void settingsAreInRangeOrRefused() {
        Adaptive defaults = Policy.adaptive();
        assertThat(defaults).isEqualTo(new Adaptive(Duration.ofSeconds(10), true, true, true, 10, true));
        assertThat(defaults.withMemory(false).withCensoring(false).withShrinkage(false))
                .isEqualTo(new Adaptive(Duration.ofSeconds(10), false, false, false, 10, true));
        assertThat(defaults.withFailureCharge(0).withReports(false).withDecay(Duration.ofSeconds(1)))
                .isEqualTo(new Adaptive(Duration.ofSeconds(1), true, true, true, 0, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withFailureCharge(-1))
                .withMessage("failureCharge is -1.0, but must be 0.0 to 1000.0");
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withFailureCharge(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withDecay(Duration.ZERO));
    }

    @Test
    void withEverythingOffItStillWorks() {
        Adaptive off = Policy.adaptive()
                .withMemory(false)
                .withCensoring(false)
                .withShrinkage(false)
                .withFailureCharge(0)
                .withReports(false);
        Selector selector = warm(off);
        assertThat(score(selector, 0, SECOND)).isCloseTo(1, within(1e-3));
        call(selector, fleet.get(0), Outcome.SUCCESS, 19 * MEAN / 10, SECOND);
        assertThat(score(selector, 0, SECOND)).isCloseTo(1.9, within(0.2));
        for (int i = 0; i < 1_000; i++) {
            assertThat(selector.select(Call.any(), SECOND + i, random)).isBetween(0, 19);
        }
    }
}
