package io.evenkeel.discovery.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitedBodyTest {

    private static final int MOST = 1 << 20;

    private static final class Sender implements Subscription {

        private boolean cancelled;

        @Override
        public void request(long n) {
            assertThat(n).isPositive();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final Sender sender = new Sender();

    private CompletableFuture<byte[]> sent(long announced, String... parts) {
        LimitedBody body = new LimitedBody(MOST, announced);
        body.onSubscribe(sender);
        for (String part : parts) {
            body.onNext(List.of(ByteBuffer.wrap(part.getBytes(UTF_8)), ByteBuffer.allocate(0)));
        }
        body.onComplete();
        return body.getBody().toCompletableFuture();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 3, 7000, Long.MAX_VALUE})
    void aBodyIsWhatCameWhateverItsHeadSaidOfItsLength(long announced) {
        String much = "x".repeat(5000);
        assertThat(sent(announced, "ab", much, "c").join()).isEqualTo(("ab" + much + "c").getBytes(UTF_8));
        assertThat(sent(announced).join()).isEmpty();
        assertThat(sender.cancelled).isFalse();
    }

    @Test
    void aBodyMayBeAsLongAsTheLimitAndNoLonger() {
        char[] all = new char[MOST];
        Arrays.fill(all, 'x');
        assertThat(sent(-1, new String(all)).join()).hasSize(MOST);
        assertThat(sender.cancelled).isFalse();
        assertThatThrownBy(() -> sent(-1, new String(all), "y", "z").join())
                .hasRootCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("the answer is longer than 1 MiB");
        assertThat(sender.cancelled).isTrue();
    }
}
