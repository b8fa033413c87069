package io.evenkeel.discovery.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Changes<String> changes = new Changes<>();

    @Test
    void allThatWaitAreTakenInTheirOrderAndOnce() throws Exception {
        changes.add("a");
        changes.add("b");
        changes.add("a");

        assertThat(changes.take(LONG, Duration.ZERO)).containsExactly("a", "b", "a");
        assertThat(changes.take(Duration.ZERO, LONG)).isEmpty();
    }

    @Test
    void oneThatComesEndsTheWait() throws Exception {
        CompletableFuture<List<String>> taken = new CompletableFuture<>();
        Thread taker = new Thread(() -> {
            try {
                taken.complete(changes.take(LONG, Duration.ofNanos(1)));
            } catch (Exception e) {
                taken.completeExceptionally(e);
            }
        });
        taker.start();

        changes.add("a");

        assertThat(taken.get(10, TimeUnit.SECONDS)).containsExactly("a");
    }

    @Test
    void whoIsTooSlowForTheChangesIsToBeginAnew() {
        for (int i = 0; i <= Changes.MOST; i++) {
            changes.add("a");
        }
        changes.add("b");

        assertThatThrownBy(() -> changes.take(LONG, Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("changes");
    }

    @Test
    void theEndGoesBeforeChangesAndTheFirstReasonCounts() {
        IOException lost = new IOException("lost");
        changes.add("a");
        changes.end(lost);
        changes.end(new IOException("closed"));

        assertThatThrownBy(() -> changes.take(LONG, Duration.ZERO)).isSameAs(lost);
        assertThatThrownBy(() -> changes.take(LONG, Duration.ZERO)).isSameAs(lost);
    }
}
