package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.VirtualTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies of every kind, and how long each keeps its call in flight. */
@Timeout(60)
class BodyIT {

    private static final String TEXT = "first line\nsecond line\n";

    private final CountDownLatch rest = new CountDownLatch(1);
    private final CountDownLatch clientGone = new CountDownLatch(1);
    private ScriptedServer whole;
    private ScriptedServer halves;

    @BeforeEach
    void startServers() throws IOException {
        whole = ScriptedServer.answering(200, TEXT);
        halves = ScriptedServer.start(visit -> {
            visit.begin(200, TEXT.length());
            visit.write(TEXT.substring(0, 11));
            if (visit.request().target().equals("/endless")) {
                visit.hang();
                clientGone.countDown();
            } else {
                Waiting.on(rest);
                visit.write(TEXT.substring(11));
            }
        });
    }

    @AfterEach
    void stopServers() throws IOException {
        whole.close();
        halves.close();
    }

    private static <T> HttpResponse<T> get(Fleet fleet, String path, BodyHandler<T> handler) throws Exception {
        return fleet.client().send(Fleet.request(path).build(), handler);
    }

    @Test
    void wholeBodiesArriveAndEndTheCall(@TempDir Path folder) throws Exception {
        try (Fleet fleet = Fleet.of(whole)) {
            assertThat(get(fleet, "/", BodyHandlers.ofString()).body()).isEqualTo(TEXT);
            assertThat(fleet.inFlight()).isZero();
            assertThat(get(fleet, "/", BodyHandlers.ofByteArray()).body())
                    .isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8));
            assertThat(fleet.inFlight()).isZero();
            assertThat(get(fleet, "/", BodyHandlers.ofFile(folder.resolve("body")))
                            .body())
                    .hasContent(TEXT);
            assertThat(fleet.inFlight()).isZero();
            assertThat(get(fleet, "/", BodyHandlers.discarding()).body()).isNull();
            assertThat(get(fleet, "/", BodyHandlers.replacing("other")).body()).isEqualTo("other");
            fleet.awaitIdle();
            assertThat(fleet.stats(0).successes()).isEqualTo(5);
        }
    }

    @Test
    void streamedBodiesArriveAndEndTheCallWithTheirLastByte() throws Exception {
        try (Fleet fleet = Fleet.of(whole)) {
            assertThat(get(fleet, "/", BodyHandlers.ofInputStream()).body()).hasContent(TEXT);
            assertThat(get(fleet, "/", BodyHandlers.ofLines()).body()).containsExactly("first line", "second line");
            assertThat(text(get(fleet, "/", BodyHandlers.ofPublisher()).body())).isEqualTo(TEXT);
            StringBuilder consumed = new StringBuilder();
            get(
                    fleet,
                    "/",
                    BodyHandlers.ofByteArrayConsumer(
                            bytes -> bytes.ifPresent(b -> consumed.append(new String(b, StandardCharsets.UTF_8)))));
            assertThat(consumed).hasToString(TEXT);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).successes()).isEqualTo(4);
        }
    }

    private static String text(Flow.Publisher<List<ByteBuffer>> body) {
        BodySubscriber<String> reader = BodySubscribers.ofString(StandardCharsets.UTF_8);
        body.subscribe(reader);
        return reader.getBody().toCompletableFuture().join();
    }

    @Test
    void asynchronousBodiesArriveToo() throws Exception {
        try (Fleet fleet = Fleet.of(whole)) {
            assertThat(fleet.client()
                            .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                            .join()
                            .body())
                    .isEqualTo(TEXT);
            assertThat(fleet.client()
                            .sendAsync(Fleet.request("/").build(), BodyHandlers.ofInputStream())
                            .join()
                            .body())
                    .hasContent(TEXT);
            fleet.awaitIdle();
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 204", "GET, 304", "HEAD, 200", "GET, 200", "DELETE, 204", "HEAD, 404"})
    void answerWithoutABodyEndsTheCall(String method, int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "");
                Fleet fleet = Fleet.of(server)) {
            for (BodyHandler<?> handler : List.of(
                    BodyHandlers.ofString(),
                    BodyHandlers.discarding(),
                    BodyHandlers.ofInputStream(),
                    BodyHandlers.ofLines())) {
                fleet.client()
                        .send(
                                Fleet.request("/")
                                        .method(method, BodyPublishers.noBody())
                                        .build(),
                                handler);
                fleet.awaitIdle();
            }
            assertThat(fleet.stats(0).successes()).isEqualTo(4);
        }
    }

    @Test
    void streamHoldsItsCallUntilItIsReadToTheEnd() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            InputStream body = get(fleet, "/", BodyHandlers.ofInputStream()).body();
            assertThat(body.readNBytes(11)).asString(StandardCharsets.UTF_8).isEqualTo("first line\n");
            assertThat(fleet.stats(0).inFlight()).isEqualTo(1);
            rest.countDown();
            assertThat(body).hasContent("second line\n");
            fleet.awaitIdle();
            assertThat(fleet.stats(0).successes()).isEqualTo(1);
        }
    }

    @Test
    void streamThatIsClosedEarlyEndsItsCall() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            InputStream body =
                    get(fleet, "/endless", BodyHandlers.ofInputStream()).body();
            assertThat(fleet.stats(0).inFlight()).isEqualTo(1);
            body.close();
            fleet.awaitIdle();
            Waiting.on(clientGone);
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.stats(0).successes()).isEqualTo(1);
        }
    }

    @Test
    void linesHoldTheirCallUntilTheyAreReadOrClosed() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            Stream<String> lines = get(fleet, "/", BodyHandlers.ofLines()).body();
            assertThat(fleet.inFlight()).isEqualTo(1);
            rest.countDown();
            assertThat(lines.collect(Collectors.joining("|"))).isEqualTo("first line|second line");
            fleet.awaitIdle();

            Stream<String> endless =
                    get(fleet, "/endless", BodyHandlers.ofLines()).body();
            assertThat(fleet.inFlight()).isEqualTo(1);
            endless.close();
            fleet.awaitIdle();
        }
    }

    @Test
    void publisherHoldsItsCallUntilItsReaderHasEnough() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            Flow.Publisher<List<ByteBuffer>> body =
                    get(fleet, "/endless", BodyHandlers.ofPublisher()).body();
            assertThat(fleet.inFlight()).isEqualTo(1);
            body.subscribe(new Reader() {
                @Override
                public void onNext(List<ByteBuffer> bytes) {
                    subscription.cancel();
                }
            });
            fleet.awaitIdle();
            Waiting.on(clientGone);
        }
    }

    /** A reader that asks for one piece, and of which more is told where it is used. */
    private static class Reader implements BodySubscriber<String> {

        Flow.Subscription subscription;
        final CompletableFuture<String> body = new CompletableFuture<>();

        @Override
        public CompletionStage<String> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> bytes) {}

        @Override
        public void onError(Throwable error) {
            body.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            body.complete("complete");
        }
    }

    @Test
    void readerThatCancelsAtOnceEndsItsCall() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            get(fleet, "/endless", answer -> new Reader() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.cancel();
                    body.complete("not wanted");
                }
            });
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void readerThatThrowsIsSeenByTheCallerAndSaysNothingOfTheReplica() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            IllegalStateException own = new IllegalStateException("own");
            Throwable seen = catchThrowable(() -> get(fleet, "/endless", answer -> new Reader() {
                @Override
                public void onNext(List<ByteBuffer> bytes) {
                    throw own;
                }
            }));
            assertThat(seen).hasRootCause(own);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    /** What the JDK's own client says of it is now that, now a NullPointerException, for its reader closes a file that it never opened. */
    @Test
    void fileThatCannotBeWrittenIsAnErrorAndSaysNothingOfTheReplica(@TempDir Path folder) throws Exception {
        try (Fleet fleet = Fleet.of(whole)) {
            Path file = folder.resolve("there").resolve("body");
            assertThatThrownBy(() -> get(fleet, "/", BodyHandlers.ofFile(file))).isInstanceOf(IOException.class);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void readerThatThrowsAsItBeginsSaysNothingOfTheReplica() throws Exception {
        try (Fleet fleet = Fleet.of(halves)) {
            IllegalStateException own = new IllegalStateException("own");
            Throwable seen = catchThrowable(() -> get(fleet, "/endless", answer -> new Reader() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    throw own;
                }
            }));
            assertThat(seen).hasStackTraceContaining("own");
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void streamThatBreaksOffIsAFailureOfTheReplica() throws Exception {
        try (ScriptedServer broken = ScriptedServer.start(visit -> {
                    visit.begin(200, 1000);
                    visit.write("some");
                    Waiting.on(rest);
                    visit.reset();
                });
                Fleet fleet = Fleet.of(broken)) {
            InputStream body = get(fleet, "/", BodyHandlers.ofInputStream()).body();
            rest.countDown();
            assertThat(catchThrowable(body::readAllBytes)).isInstanceOf(IOException.class);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void abandonedStreamEndsItsCallAfterAMinute() throws Exception {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = Fleet.of(settings -> settings.clock(time).scheduler(time), halves)) {
            InputStream body = get(fleet, "/", BodyHandlers.ofInputStream()).body();
            body.readNBytes(11); // so that the first half does not come later
            time.advance(Duration.ofSeconds(59));
            assertThat(fleet.inFlight()).isEqualTo(1);
            time.advance(Duration.ofSeconds(4));
            assertThat(fleet.inFlight()).isZero();
            rest.countDown();
            assertThat(body).hasContent("second line\n");
            assertThat(fleet.inFlight()).isZero();
            assertThat(fleet.stats(0).successes()).isEqualTo(1);
            assertThat(fleet.stats(0).ignored()).isZero();
        }
    }

    @Test
    void streamThatIsReadSlowlyIsNotAbandoned() throws Exception {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = Fleet.of(settings -> settings.clock(time).scheduler(time), halves)) {
            InputStream body = get(fleet, "/", BodyHandlers.ofInputStream()).body();
            time.advance(Duration.ofSeconds(50));
            body.readNBytes(11);
            time.advance(Duration.ofSeconds(50));
            assertThat(fleet.inFlight()).isEqualTo(1);
            rest.countDown();
            assertThat(body).hasContent("second line\n");
            fleet.awaitIdle();
        }
    }

    @Test
    void callOfAnAsynchronousBodyThatIsNeverReadEndsToo() throws Exception {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = Fleet.of(settings -> settings.clock(time).scheduler(time), halves)) {
            fleet.client()
                    .sendAsync(Fleet.request("/endless").build(), BodyHandlers.ofPublisher())
                    .join();
            assertThat(fleet.inFlight()).isEqualTo(1);
            time.advance(Duration.ofSeconds(63));
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @Test
    void manyAbandonedBodiesEnd() throws Exception {
        VirtualTime time = new VirtualTime();
        try (Fleet fleet = Fleet.of(settings -> settings.clock(time).scheduler(time), halves)) {
            for (int i = 0; i < 70; i++) {
                get(fleet, "/endless", BodyHandlers.ofInputStream()).body().readNBytes(11);
                time.advance(Duration.ofSeconds(1));
            }
            assertThat(fleet.inFlight()).isBetween(58, 64);
            time.advance(Duration.ofSeconds(65));
            assertThat(fleet.inFlight()).isZero();
            Waiting.until("nothing ticks for nobody", () -> {
                time.advance(Duration.ofSeconds(2));
                return time.waiting() == 0;
            });
        }
    }

    @Test
    void attemptWhoseBodyBreaksOffIsCountedOnce() throws Exception {
        try (ScriptedServer broken = ScriptedServer.start(visit -> {
                    visit.begin(200, 1000);
                    visit.close();
                });
                Fleet fleet = Fleet.of(broken)) {
            assertThat(catchThrowable(() -> fleet.get("/"))).isInstanceOf(IOException.class);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.stats(0).successes()).isZero();
        }
    }
}
