package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Outcome;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BreakerGateTest {

    @Test
    void itOpensAtTheSameCallAsABreakerThatBooksEverySuccess() {
        RandomGenerator random = new SplittableRandom(3);
        int opened = 0;
        for (int run = 0; run < 500; run++) {
            Gate gate = BreakerGate.gates(Breaker.defaults()).get();
            CircuitBreaker plain = CircuitBreaker.of(
                    "plain",
                    CircuitBreakerConfig.custom()
                            .slidingWindowSize(32)
                            .minimumNumberOfCalls(16)
                            .failureRateThreshold(50)
                            .build());
            for (int call = 0; call < 300 && gate.state() == Gate.State.CLOSED; call++) {
                boolean bad = random.nextInt(100) < (call / 60) * 20; // well at first, then worse and worse
                boolean changed = gate.leave(gate.enter(), bad ? Outcome.FAILURE : Outcome.SUCCESS, 1);
                if (bad) {
                    plain.onError(1, TimeUnit.NANOSECONDS, new IOException());
                } else {
                    plain.onSuccess(1, TimeUnit.NANOSECONDS);
                }
                assertThat(gate.state() == Gate.State.OPEN).isEqualTo(plain.getState() == CircuitBreaker.State.OPEN);
                assertThat(changed).isEqualTo(gate.state() == Gate.State.OPEN);
            }
            opened += gate.state() == Gate.State.OPEN ? 1 : 0;
        }
        assertThat(opened).isGreaterThan(400);
    }

    @Test
    void anOpenGateWatchesNoOrdinaryCall() {
        Gate gate = open();
        assertThat(gate.enter()).isEqualTo(Gate.UNWATCHED);
        assertThat(gate.tryTrial(0)).isEqualTo(Gate.UNWATCHED);
        gate.halfOpen();
        assertThat(gate.enter()).isEqualTo(Gate.UNWATCHED);
        assertThat(gate.tryTrial(0)).isNotEqualTo(Gate.UNWATCHED);
        assertThat(gate.tryTrial(0)).isEqualTo(Gate.UNWATCHED);
        assertThat(gate.trialUnderWay()).isTrue();
    }

    @Test
    void aTrialOfAnEarlierHalfOpenPhaseFreesNothing() {
        Gate gate = open();
        gate.halfOpen();
        int old = gate.tryTrial(0);
        gate.reopen();
        gate.halfOpen();
        int now = gate.tryTrial(0);
        assertThat(gate.leave(old, Outcome.SUCCESS, 1)).isFalse();
        assertThat(gate.trialUnderWay()).isTrue();
        gate.leave(now, Outcome.IGNORED, 1);
        assertThat(gate.trialUnderWay()).isFalse();
    }

    @Test
    void aBodyThatBreaksOffCountsInThePhaseInWhichItsCallBegan() {
        Gate gate = BreakerGate.gates(Breaker.defaults().withWindow(2, 1).withFailureShare(1))
                .get();
        int token = gate.enter();
        assertThat(gate.leave(token, Outcome.SUCCESS, 1)).isFalse();
        gate.close(); // the next phase
        assertThat(gate.brokeOff(token)).isFalse();
        assertThat(gate.brokeOff(gate.enter())).isTrue();
    }

    @Test
    void aTrialWhoseBodyBreaksOffFailedAndKeepsItsSlotForNobody() {
        Gate gate = open();
        gate.halfOpen();
        int first = gate.tryTrial(0);
        gate.leave(first, Outcome.SUCCESS, 1);
        gate.tryTrial(0);
        gate.brokeOff(first);
        assertThat(gate.trialUnderWay()).isTrue(); // the second
    }

    @Test
    void closingWatchesCallsAgainWithAnEmptyWindow() {
        Gate gate = open();
        gate.close();
        for (int i = 0; i < 15; i++) {
            assertThat(gate.leave(gate.enter(), Outcome.FAILURE, 1)).isFalse();
        }
        assertThat(gate.leave(gate.enter(), Outcome.FAILURE, 1)).isTrue();
    }

    private static Gate open() {
        Gate gate = BreakerGate.gates(Breaker.defaults()).get();
        for (int i = 0; i < 16; i++) {
            gate.leave(gate.enter(), Outcome.FAILURE, 1);
        }
        assertThat(gate.state()).isEqualTo(Gate.State.OPEN);
        return gate;
    }
}
