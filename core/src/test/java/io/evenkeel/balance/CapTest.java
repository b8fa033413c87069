package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Limit;
import io.evenkeel.Outcome;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits against a replica that works on so many calls at once, and lets the others wait: its latency grows with its load. */
class CapTest {

    private static final long SERVICE = 10_000_000;

    private final SplittableRandom random = new SplittableRandom(11);

    private static Cap cap(Limit.Kind kind) {
        return new Cap(new Limit(1_000, kind, 0, false));
    }

    /** Works on so many calls at once, each for an exponential time, and on the others in turn. */
    private final class Busy {

        private final PriorityQueue<long[]> ends = new PriorityQueue<>(Comparator.comparingLong(call -> call[0]));
        private final Deque<Long> begins = new ArrayDeque<>();
        private int slots;
        private long now;

        Busy(int slots) {
            this.slots = slots;
        }

        private int inFlight() {
            return ends.size() + begins.size();
        }

        private void work() {
            while (ends.size() < slots && !begins.isEmpty()) {
                long takes = (long) (-Math.log(1 - random.nextDouble()) * SERVICE);
                ends.add(new long[] {now + takes, begins.poll()});
            }
        }

        /** So many calls are answered, while as many are in flight as may be, or as {@code most} at most. */
        void answer(Cap cap, int most, int answers) {
            for (int i = 0; i < answers; i++) {
                while (inFlight() < Math.min(cap.limit(), most)) {
                    begins.add(now);
                }
                work();
                long[] call = ends.remove();
                now = call[0];
                cap.answered(Outcome.SUCCESS, now - call[1], inFlight() + 1);
            }
        }

        void saturate(Cap cap, int answers) {
            answer(cap, Integer.MAX_VALUE, answers);
        }
    }

    /** At slots s the limit L rises to 1.5 s + sqrt(L), and is a quarter of that while it measures; the usual latency is off by what ten samples are. */
    @Test
    void theGradientFindsAboutWhatTheReplicaCanTake() {
        for (int slots : new int[] {1, 4, 16, 64, 256}) {
            Cap cap = cap(Limit.Kind.GRADIENT);
            Busy replica = new Busy(slots);
            replica.answer(cap, 1, 200);
            replica.saturate(cap, 20_000);
            double sum = 0;
            for (int i = 0; i < 1_000; i++) {
                replica.saturate(cap, 20);
                sum += cap.limit();
            }
            assertThat(sum / 1_000).as(slots + " slots").isBetween(0.9 * slots, 3.0 * slots + 10);
        }
    }

    @Test
    void theGradientFallsWhenTheReplicaGetsSlower() {
        Cap cap = cap(Limit.Kind.GRADIENT);
        Busy replica = new Busy(100);
        replica.saturate(cap, 20_000);
        int before = cap.limit();
        replica.slots = 10;
        replica.saturate(cap, 3_000);
        assertThat(cap.limit()).isLessThan(before / 2);
    }

    @Test
    void aRefusalWhileItMeasuresTakesATenthOfWhatItWasBefore() {
        Cap cap = cap(Limit.Kind.GRADIENT);
        Busy replica = new Busy(100);
        replica.saturate(cap, 20_000);
        int before = cap.limit();
        while (cap.limit() > before / 2) {
            before = cap.limit();
            replica.saturate(cap, 1);
        }
        for (int i = 0; i < 2 * before && cap.limit() <= before / 2; i++) {
            cap.answered(Outcome.OVERLOADED, SERVICE, cap.limit());
        }
        assertThat(cap.limit()).isBetween((int) (0.9 * before) - 1, (int) (0.9 * before) + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"AIMD", "GRADIENT"})
    void refusalsLowerItToOneAndNoFurther(Limit.Kind kind) {
        Cap cap = cap(kind);
        int first = cap.limit();
        for (int i = 0; i < 20; i++) {
            cap.answered(Outcome.OVERLOADED, SERVICE, 20);
        }
        assertThat(cap.limit()).isLessThan(first);
        for (int i = 0; i < 10_000; i++) {
            cap.answered(Outcome.OVERLOADED, SERVICE, 20);
        }
        assertThat(cap.limit()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"AIMD", "GRADIENT"})
    void aLimitThatIsNotUsedStaysAsItIs(Limit.Kind kind) {
        Cap cap = cap(kind);
        for (int i = 0; i < 10_000; i++) {
            cap.answered(Outcome.SUCCESS, SERVICE, 2);
        }
        assertThat(cap.limit()).isEqualTo(20);
    }

    /** Up by one for as many answers as it allows calls: from 20 to n takes (n^2 - 20^2) / 2 answers. */
    @Test
    void aimdRisesByOneWhileAllGoesWellUpToItsMost() {
        Cap cap = cap(Limit.Kind.AIMD);
        for (int i = 0; i < 4_800; i++) {
            cap.answered(Outcome.SUCCESS, SERVICE, cap.limit());
        }
        assertThat(cap.limit()).isBetween(99, 101);
        Cap few = new Cap(new Limit(5, Limit.Kind.AIMD, 0, false));
        for (int i = 0; i < 4_800; i++) {
            few.answered(Outcome.SUCCESS, SERVICE, few.limit());
        }
        assertThat(few.limit()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"AIMD", "GRADIENT"})
    void oddLatenciesAreBorne(Limit.Kind kind) {
        Cap cap = cap(kind);
        List<Outcome> outcomes = List.of(Outcome.values());
        long[] odd = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1};
        for (int i = 0; i < 10_000; i++) {
            cap.answered(outcomes.get(i % 4), odd[i % odd.length], random.nextInt(100));
            assertThat(cap.limit()).isBetween(1, 1_000);
        }
    }
}
