package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyEndTest {

    static Stream<BodySubscriber<?>> whole() {
        return Stream.of(
                BodySubscribers.ofString(StandardCharsets.UTF_8),
                BodySubscribers.ofByteArray(),
                BodySubscribers.discarding(),
                BodySubscribers.replacing("it"));
    }

    static Stream<BodySubscriber<?>> streamed() {
        return Stream.of(
                BodySubscribers.ofInputStream(),
                BodySubscribers.ofLines(StandardCharsets.UTF_8),
                BodySubscribers.ofPublisher(),
                BodySubscribers.ofByteArrayConsumer(bytes -> {}),
                BodySubscribers.mapping(BodySubscribers.ofByteArray(), bytes -> bytes.length),
                BodySubscribers.buffering(BodySubscribers.ofInputStream(), 1));
    }

    @ParameterizedTest
    @MethodSource("whole")
    <T> void aBodyThatComesWholeIsLeftToTheTransport(BodySubscriber<T> reader) {
        assertThat(BodyEnd.of(reader, null, null)).isSameAs(reader);
    }

    @ParameterizedTest
    @MethodSource("streamed")
    <T> void aBodyThatMayComeInPiecesIsWatched(BodySubscriber<T> reader) {
        assertThat(BodyEnd.of(reader, null, null)).isInstanceOf(BodyEnd.class);
    }
}
