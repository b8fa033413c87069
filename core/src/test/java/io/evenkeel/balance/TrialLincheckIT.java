package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Breaker;
import io.evenkeel.Outcome;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A half-open breaker and its trials, while others try, and while the update pipeline turns it. */
public class TrialLincheckIT {

    private static final int MOST = 300;
    private static final int TRIALS = 2;
    private static final int TOKENS = 128;
    private static final Breaker SETTINGS = Breaker.defaults().withWindow(4, 2).withTrials(TRIALS);

    private static Gate halfOpen() {
        Gate gate = BreakerGate.gates(SETTINGS).get();
        gate.leave(gate.enter(), Outcome.FAILURE, 1);
        gate.leave(gate.enter(), Outcome.FAILURE, 1);
        gate.halfOpen();
        return gate;
    }

    /** Trials, by their tokens: each phase has its own. */
    public static final class Trials {

        private final Gate gate = halfOpen();
        private final AtomicIntegerArray underWay = new AtomicIntegerArray(TOKENS);
        private final AtomicIntegerArray judged = new AtomicIntegerArray(TOKENS);

        private void call(Outcome outcome) {
            int token = gate.tryTrial(0);
            if (token != Gate.UNWATCHED) {
                check(underWay.incrementAndGet(token) == 1, "two trials at once");
                judged.addAndGet(token, outcome == Outcome.IGNORED ? 0 : 1);
                underWay.decrementAndGet(token);
                gate.leave(token, outcome, 1);
            }
        }

        public void succeed() {
            call(Outcome.SUCCESS);
        }

        public void fail() {
            call(Outcome.FAILURE);
        }

        public void ignore() {
            call(Outcome.IGNORED);
        }

        public void reopen() {
            gate.reopen();
        }

        public void halfOpenAgain() {
            gate.halfOpen();
        }

        /** Nobody turns it meanwhile: whoever tried before must leave this trial its slot. */
        public void turnAndTry() {
            gate.reopen();
            gate.halfOpen();
            int token = gate.tryTrial(0);
            if (token != Gate.UNWATCHED) {
                check(gate.trialUnderWay(), "another freed the slot");
                gate.leave(token, Outcome.IGNORED, 1);
            }
        }

        /** The slot is free, and the breaker is decided by as many trials of its phase as it wants, not by others. */
        @Validate
        public void itsOwnTrialsDecide() {
            check(!gate.trialUnderWay(), "the slot is taken, but no trial is under way");
            if (gate.state() != Gate.State.HALF_OPEN) {
                check(IntStream.range(0, TOKENS).anyMatch(token -> judged.get(token) == TRIALS), judged);
                return;
            }
            int token = gate.tryTrial(0);
            check(token != Gate.UNWATCHED, "half-open, but no trial may begin");
            gate.leave(token, Outcome.IGNORED, 1);
            for (int trial = judged.get(token); trial < TRIALS; trial++) {
                check(gate.state() == Gate.State.HALF_OPEN, "decided too early");
                gate.leave(gate.tryTrial(0), Outcome.SUCCESS, 1);
            }
            check(gate.state() != Gate.State.HALF_OPEN, "all trials have come, and nothing was decided");
        }
    }

    @Test
    void trialsComeOneAtATimeAndCountInTheirOwnPhaseOnly() {
        explore(
                MOST,
                Trials.class,
                "succeed | succeed | ignore",
                "fail | ignore ignore",
                "succeed | reopen halfOpenAgain",
                "fail | succeed | reopen halfOpenAgain",
                "ignore | turnAndTry");
    }

    /** A trial that begins after another has ended. */
    public static final class Begin {

        private static final long BEGAN = 5;

        private final Gate gate = halfOpen();

        public Begin() {
            gate.leave(gate.tryTrial(1), Outcome.IGNORED, 1);
        }

        public void begin() {
            gate.tryTrial(BEGAN);
        }

        public void look() {
            check(!gate.trialUnderWay() || gate.trialBegan() == BEGAN, gate.trialBegan());
        }
    }

    @Test
    void whoSeesATrialSeesWhenItBegan() {
        explore(MOST, Begin.class, "begin | look");
    }

    /** Ordinary calls that entered while the breaker was closed; two failures open it. */
    public static final class Calls {

        private final Gate gate = BreakerGate.gates(SETTINGS).get();
        private final int token = gate.enter();
        private final AtomicInteger told = new AtomicInteger();
        private volatile boolean closed;

        public void fail() {
            told.addAndGet(gate.leave(token, Outcome.FAILURE, 1) ? 1 : 0);
        }

        public void close() {
            gate.close();
            closed = true;
        }

        @Validate
        public void itsOwnCallsDecide() {
            if (!closed) {
                check(gate.state() == Gate.State.OPEN && told.get() == 1, gate.state(), "told", told);
                return;
            }
            check(!gate.leave(gate.enter(), Outcome.FAILURE, 1), "an outcome of before was booked");
            check(gate.leave(gate.enter(), Outcome.FAILURE, 1), "an outcome was lost");
        }
    }

    @Test
    void callsCountInTheirOwnPhaseOnlyAndOneSaysThatItIsOver() {
        explore(MOST, Calls.class, "fail | fail | fail", "fail | close", "fail | fail | close");
    }
}
