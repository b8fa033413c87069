package io.evenkeel.discovery.kubernetes;

import static io.evenkeel.discovery.kubernetes.Slices.port;
import static io.evenkeel.discovery.kubernetes.Slices.ports;
import static io.evenkeel.discovery.kubernetes.Slices.ready;
import static io.evenkeel.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class KnownTest {

    private static final EndpointSlice A = named("a", "10.0.0.1");

    private final Known known = new Known();

    private static EndpointSlice named(String name, String address) {
        return slice(name, ports(port("http", 8080)), ready(address));
    }

    private boolean hasNews() throws InterruptedException {
        return known.awaitNews(Duration.ZERO);
    }

    @Test
    void aListIsNoNewsFromTheWatch() throws Exception {
        known.putAll(List.of(A));
        assertThat(hasNews()).isFalse();
        assertThat(known.slices()).containsExactly(A);
    }

    @Test
    void whateverCameWhileNobodyWaitedIsOnePieceOfNewsAndNoMoreIsKeptThanThereIs() throws Exception {
        known.putAll(List.of(A));
        for (int i = 0; i < 10_000; i++) {
            known.eventReceived(Action.ADDED, named("b" + i, "10.0.0.2"));
            known.eventReceived(Action.MODIFIED, named("b" + i, "10.0.0.3"));
            known.eventReceived(Action.DELETED, named("b" + i, "10.0.0.3"));
        }
        assertThat(hasNews()).isTrue();
        assertThat(hasNews()).isFalse();
        assertThat(known.slices()).containsExactly(A);
    }

    @Test
    void aBookmarkIsNewsAndAnErrorIsNot() throws Exception {
        known.eventReceived(Action.ERROR, new EndpointSlice());
        assertThat(hasNews()).isFalse();
        assertThat(known.hasHeard()).isFalse();
        known.eventReceived(Action.BOOKMARK, new EndpointSlice());
        assertThat(hasNews()).isTrue();
        assertThat(known.hasHeard()).isTrue();
    }

    @Test
    void newsBeforeTheEndAreHeardFirst() throws Exception {
        WatcherException cause = new WatcherException("over");
        known.eventReceived(Action.ADDED, A);
        known.onClose(cause);
        assertThat(known.awaitNews(Duration.ofDays(1))).isTrue();
        assertThat(known.awaitNews(Duration.ofDays(1))).isFalse();
        assertThat(known.end())
                .hasValueSatisfying(end -> assertThat(end.cause()).contains(cause));
    }

    @Test
    void whatIsNoSliceIsTheEndWithItsReason() throws Exception {
        known.eventReceived(Action.ADDED, new EndpointSlice());
        known.onClose();
        assertThat(hasNews()).isFalse();
        assertThat(known.end())
                .hasValueSatisfying(
                        end -> assertThat(end.cause().orElseThrow()).hasCauseInstanceOf(NullPointerException.class));
    }
}
