package io.evenkeel.discovery;

import static io.evenkeel.discovery.HandSource.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.EndpointSource.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the real clock and a real thread. */
@Timeout(30)
class PollingSourceIT {

    private final BlockingQueue<List<Endpoint>> lists = new LinkedBlockingQueue<>();

    private final Listener listener = new Listener() {
        @Override
        public void endpoints(List<Endpoint> all) {
            lists.add(all);
        }

        @Override
        public void failed(Exception cause) {
            throw new AssertionError(cause);
        }
    };

    @Test
    void aRefreshAsksLongBeforeItIsTime() throws Exception {
        PollingSource source = PollingSource.of("orders", () -> to -> {
                    to.endpoints(endpoints("a"));
                    return Duration.ofHours(1);
                })
                .withRefreshEvery(Duration.ofMillis(10));
        try (Watch watch = source.watch(listener)) {
            assertThat(lists.take()).hasSize(1);
            watch.refresh();
            assertThat(lists.take()).hasSize(1);
        }
    }

    @Test
    void closingEndsTheThreadAlsoWhileItAsks() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        PollingSource source = PollingSource.of("orders", () -> new PollingSource.Poll() {
            @Override
            public Duration ask(Listener to) throws Exception {
                asked.countDown();
                new CountDownLatch(1).await(); // for a change that never comes
                return Duration.ZERO;
            }

            @Override
            public void close() {
                ended.countDown();
            }
        });
        Watch watch = source.watch(listener);
        asked.await();
        watch.close();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
