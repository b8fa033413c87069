package io.evenkeel.resilience;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The budget at its edge, and while a second turns. */
public class RetryBudgetLincheckIT {

    private static final int MOST = 2_000;
    private static final int FEW = 200;
    private static final long SECOND = 1_000_000_000;

    /** A budget that has one repeat left, and one more with the fifth call. */
    public static final class AlmostSpent {

        private final RetryBudget budget = new RetryBudget(0);
        private final AtomicInteger granted = new AtomicInteger();

        public AlmostSpent() {
            for (int i = 0; i < 99; i++) {
                budget.tryRepeat(0);
            }
            for (int i = 0; i < 3; i++) {
                budget.call(0);
            }
        }

        public void call() {
            budget.call(SECOND);
        }

        public void repeat() {
            granted.addAndGet(budget.tryRepeat(0) ? 1 : 0);
        }

        public void repeatLater() {
            granted.addAndGet(budget.tryRepeat(SECOND) ? 1 : 0);
        }

        @Validate
        public void noneTooManyAndNoneTooFew() {
            int left = 0;
            while (budget.tryRepeat(SECOND)) {
                left++;
            }
            long most = budget.calls() >= 5 ? 2 : 1;
            check(
                    granted.get() + left == most && budget.repeats() == 99 + most,
                    granted,
                    "granted, left",
                    left,
                    "calls",
                    budget.calls());
        }
    }

    @Test
    void theLastRepeatIsGrantedOnce() {
        explore(MOST, AlmostSpent.class, "repeat | repeatLater");
    }

    @Test
    void everyCallCountsWhileTheSecondTurns() {
        explore(FEW, AlmostSpent.class, "repeat | repeatLater | call", "call | call | repeatLater repeatLater");
    }
}
