package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Call;
import io.evenkeel.Observer;
import io.evenkeel.Outliers;
import io.evenkeel.OverloadedException;
import io.evenkeel.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls that are not answered in time, as in a service that cannot keep up. */
class BrakeTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<Observer.CallsHeldBack> told = new ArrayList<>();
    private final Events events = new Events("orders", new Observer() {
        @Override
        public void callsHeldBack(CallsHeldBack event) {
            told.add(event);
        }
    });

    private Brake brake(Outliers settings) {
        return new Brake("orders", settings, events, 0);
    }

    private static void answers(Brake brake, int many) {
        for (int i = 0; i < many; i++) {
            brake.answered(8 * MILLI);
        }
    }

    private static void late(Brake brake, int many, long now) {
        for (int i = 0; i < many; i++) {
            brake.late(SECOND, now);
        }
    }

    private static int sent(Brake brake, int of, long now) {
        int sent = 0;
        for (int i = 0; i < of; i++) {
            sent += brake.lets(now) ? 1 : 0;
        }
        return sent;
    }

    @Test
    void nothingIsHeldBackWhileMostAreAnsweredInTime() {
        Brake brake = brake(Outliers.defaults());
        answers(brake, 100);
        late(brake, 99, 0);
        assertThat(sent(brake, 100, 0)).isEqualTo(100);
        assertThat(told).isEmpty();
    }

    @Test
    void aFewThatAreLateMayBeChance() {
        Brake brake = brake(Outliers.defaults());
        late(brake, 19, 0);
        assertThat(sent(brake, 100, 0)).isEqualTo(100);
    }

    @Test
    void twoAreSentForEachAnswerInTime() {
        Brake brake = brake(Outliers.defaults());
        answers(brake, 50);
        late(brake, 100, 0);
        assertThat(brake.isOn()).isTrue();
        assertThat(sent(brake, 100, 0)).isZero();
        answers(brake, 10);
        assertThat(sent(brake, 100, 0)).isEqualTo(20);
        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.begins()).isTrue();
            assertThat(event.late()).isGreaterThan(0.5);
        });
    }

    @Test
    void tenASecondAreSentHoweverLateAllAre() {
        Brake brake = brake(Outliers.defaults());
        late(brake, 100, 0);
        int sent = 0;
        for (int milli = 1; milli <= 1_000; milli++) {
            sent += sent(brake, 5, milli * MILLI);
        }
        assertThat(sent).isEqualTo(10);
    }

    @Test
    void itEndsWhenMostAreAnsweredInTimeAgain() {
        Brake brake = brake(Outliers.defaults());
        late(brake, 100, 0);
        answers(brake, 101);
        assertThat(sent(brake, 1_000, 0)).isEqualTo(1_000);
        assertThat(told).extracting(Observer.CallsHeldBack::begins).containsExactly(true, false);
    }

    @Test
    void whatWasLongAgoDoesNotCount() {
        Brake brake = brake(Outliers.defaults());
        late(brake, 100, 0);
        assertThat(brake.lets(10 * SECOND)).isTrue();
        assertThat(brake.isOn()).isFalse();
    }

    @Test
    void impatienceIsNotHeldAgainstAnybody() {
        Brake brake = brake(Outliers.defaults());
        answers(brake, 100);
        for (int i = 0; i < 1_000; i++) {
            brake.late(60 * MILLI, 0); // answers usually take 8 ms
        }
        assertThat(brake.isOn()).isFalse();
    }

    @Test
    void aDryRunOnlyTells() {
        Brake brake = brake(Outliers.defaults().withDryRun(true));
        late(brake, 100, 0);
        assertThat(sent(brake, 100, 0)).isEqualTo(100);
        assertThat(brake.isOn()).isFalse();
        assertThat(told).singleElement().matches(Observer.CallsHeldBack::dryRun);
    }

    @Test
    void nothingIsHeldBackWherePassiveHealthIsOff() {
        Brake brake = brake(Outliers.off());
        late(brake, 100, 0);
        assertThat(sent(brake, 100, 0)).isEqualTo(100);
        assertThat(told).isEmpty();
    }

    /** A service that works off one call after the other, also those for which nobody waits any more. */
    private static final class Queueing {

        private final VirtualTime time;
        private final long workNanos;
        private final Deque<CompletableFuture<String>> queue = new ArrayDeque<>();

        Queueing(VirtualTime time, int aSecond) {
            this.time = time;
            this.workNanos = SECOND / aSecond;
        }

        CompletableFuture<String> ask() {
            CompletableFuture<String> answer = new CompletableFuture<>();
            queue.add(answer);
            if (queue.size() == 1) {
                work();
            }
            return answer;
        }

        private void work() {
            time.schedule(
                    () -> {
                        queue.remove().complete("done");
                        if (!queue.isEmpty()) {
                            work();
                        }
                    },
                    workNanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    /** So many calls a second for so long; how many are answered of those of each quarter of a second. */
    private static List<Integer> load(World world, Queueing service, int aSecond, int seconds) {
        List<Integer> goods = new ArrayList<>();
        Duration between = Duration.ofNanos(SECOND / aSecond);
        for (int quarter = 0; quarter < seconds * 4; quarter++) {
            int index = goods.size();
            goods.add(0);
            for (int i = 0; i < aSecond / 4; i++) {
                world.balancer
                        .callAsync(
                                Call.any().idempotent().withDeadline(Duration.ofSeconds(2)), endpoint -> service.ask())
                        .thenAccept(answer -> goods.set(index, goods.get(index) + 1));
                world.time.advance(between);
            }
        }
        return goods;
    }

    @Test
    void serviceThatCouldNotKeepUpAnswersAgainSoonAfterTheRush() {
        World world = World.of(3, settings -> settings);
        Queueing service = new Queueing(world.time, 500);
        load(world, service, 400, 3);
        load(world, service, 1_000, 5);
        List<Integer> after = load(world, service, 400, 10);
        assertThat(after.subList(5 * 4, 9 * 4)).allMatch(answered -> answered >= 95);
    }

    @Test
    void callThatIsHeldBackSaysWhy() throws Exception {
        World world = World.of(3, settings -> settings);
        for (int i = 0; i < 100; i++) {
            world.balancer.callAsync(
                    Call.any().withDeadline(Duration.ofSeconds(1)), endpoint -> new CompletableFuture<String>());
        }
        world.time.advance(Duration.ofSeconds(1));
        CompletableFuture<String> never = new CompletableFuture<>();
        assertThat(world.balancer.callAsync(endpoint -> never)).isNotDone(); // one in a tenth of a second
        assertThat(catchThrowable(() -> world.balancer.<String, RuntimeException>call(endpoint -> "another")))
                .isInstanceOf(OverloadedException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("not answered in time");
        assertThat(world.events)
                .filteredOn(Observer.CallsHeldBack.class::isInstance)
                .hasSize(1);
    }
}
