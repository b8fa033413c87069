package io.evenkeel.benchmarks;

import io.evenkeel.BalancerStats;
import io.evenkeel.balance.LoadBalancer;
import java.util.ArrayList;
import java.util.List;

/** Looks ten times a second at how many calls and repeats there have been, to find the ten seconds with the most repeats. */
final class RepeatWatch {

    private static final double RATIO = 0.2;
    private static final int A_SECOND = 10;
    private static final int SECONDS = 10;
    private static final long NANOS = 1_000_000_000L;
    private static final int MILLIS = 100;

    private final List<Look> looks = new ArrayList<>();
    private final Thread looking;

    private record Look(long nanos, long calls, long repeats) {}

    RepeatWatch(LoadBalancer balancer) {
        looking = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    look(balancer);
                    Thread.sleep(MILLIS);
                }
            } catch (InterruptedException e) {
                look(balancer);
            }
        });
    }

    private void look(LoadBalancer balancer) {
        long now = System.nanoTime(); // the rest of the statistics may take a while
        BalancerStats stats = balancer.stats();
        looks.add(new Look(now, stats.calls(), stats.repeats()));
    }

    /** The most repeats within ten seconds; once stopped. */
    long most() {
        long most = 0;
        for (int to = 0; to < looks.size(); to++) {
            most = Math.max(most, repeats(begin(to), to));
        }
        return most;
    }

    /** Whether none was made while there had been a fifth of the calls and ten a second in the ten seconds before; once stopped. */
    boolean isWithinBudget() {
        for (int to = 1; to < looks.size(); to++) {
            // It may have been made a look ago, and that may be longer where there is much to do
            int from = Math.max(0, begin(to - 1) - 1);
            long calls = looks.get(to).calls - looks.get(from).calls;
            if (repeats(to - 1, to) > 0 && repeats(begin(to), to) > RATIO * calls + A_SECOND * SECONDS) {
                return false;
            }
        }
        return true;
    }

    private long repeats(int from, int to) {
        return looks.get(to).repeats - looks.get(from).repeats;
    }

    /** The first look within ten seconds before this one. */
    private int begin(int to) {
        int from = to;
        while (from > 0 && looks.get(to).nanos - looks.get(from - 1).nanos <= SECONDS * NANOS) {
            from--;
        }
        return from;
    }

    void stop() throws InterruptedException {
        looking.interrupt();
        looking.join();
    }
}
