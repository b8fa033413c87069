package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Breaker;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Retry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are sent again, and which never. The bad server always comes first. */
@Timeout(60)
class RepeatIT {

    private static final String CHUNKED = "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String BODY = "twenty bytes of body";

    private static ScriptedServer good() throws IOException {
        return ScriptedServer.start(visit -> visit.answer(200, "good:" + visit.body()));
    }

    private static HttpRequest.Builder request(String method) {
        BodyPublisher body = method.equals("GET") || method.equals("HEAD") || method.equals("DELETE")
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(BODY);
        return Fleet.request("/").method(method, body);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void badGatewayAndItsLikeAreRepeatedElsewhere(int status) throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(status, "bad", "Retry-After: 1");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good:");
            assertThat(bad.requests()).hasSize(1);
            assertThat(good.requests()).hasSize(1);
            assertThat(fleet.balancer().stats().repeats()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void asynchronousRequestsAreRepeatedAlike(int status) throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(status, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            HttpResponse<String> response = fleet.client()
                    .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                    .get();
            assertThat(response.body()).isEqualTo("good:");
            assertThat(bad.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void idempotentMethodsAreRepeated(String method) throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.send(request(method)).statusCode()).isEqualTo(200);
            assertThat(bad.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 502", "POST, 503", "POST, 504", "PATCH, 503", "PURGE, 503", "get, 503"})
    void otherMethodsAreNotRepeatedAfterAnAnswer(String method, int status) throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(status, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            HttpResponse<String> response = fleet.send(request(method));
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).isEqualTo("bad");
            assertThat(good.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 400, 404, 408, 429, 500, 501, 505, 599})
    void otherStatusesAreNotRepeated(int status) throws Exception {
        try (ScriptedServer first = ScriptedServer.answering(status, "final");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(first, good)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).isEqualTo("final");
            assertThat(first.requests()).hasSize(1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "PUT"})
    void refusedConnectionIsTriedElsewhereWhateverTheMethod(String method) throws Exception {
        try (ScriptedServer good = good();
                Fleet fleet = Fleet.of(settings -> settings, ScriptedServer.refusing(), good.endpoint())) {
            HttpResponse<String> response = fleet.send(request(method));
            assertThat(response.body()).isEqualTo(method.equals("GET") ? "good:" : "good:" + BODY);
            assertThat(good.requests()).hasSize(1);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.stats(1).successes()).isEqualTo(1);
        }
    }

    @Test
    void refusedConnectionIsTriedElsewhereByAnAsynchronousPost() throws Exception {
        try (ScriptedServer good = good();
                Fleet fleet = Fleet.of(settings -> settings, ScriptedServer.refusing(), good.endpoint())) {
            HttpResponse<String> response = fleet.client()
                    .sendAsync(request("POST").build(), BodyHandlers.ofString())
                    .get();
            assertThat(response.body()).isEqualTo("good:" + BODY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS"})
    void brokenConnectionIsRepeatedForIdempotentMethods(String method) throws Exception {
        try (ScriptedServer bad = ScriptedServer.start(ScriptedServer.Visit::reset);
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.send(request(method)).statusCode()).isEqualTo(200);
            assertThat(bad.requests()).hasSize(1);
            assertThat(good.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void brokenConnectionIsNotRepeatedForOtherMethods(String method) throws Exception {
        try (ScriptedServer bad = ScriptedServer.start(ScriptedServer.Visit::reset);
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(catchThrowable(() -> fleet.send(request(method)))).isInstanceOf(IOException.class);
            assertThat(bad.requests()).hasSize(1);
            assertThat(good.requests()).isEmpty();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    static List<String> jdksOwnRepeats() {
        return List.of("GET", "HEAD");
    }

    @ParameterizedTest
    @MethodSource("jdksOwnRepeats")
    void wireSeesMoreThanOneOfAnAttemptOnlyByTheTransportsOwnRepeats(String method) throws Exception {
        // JDK 21 and 25 send a GET or HEAD twice that was never answered, 27 up to five times
        int most = Runtime.version().feature() < 26 ? 2 : 5;
        try (ScriptedServer bad = ScriptedServer.start(ScriptedServer.Visit::reset);
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.send(request(method)).statusCode()).isEqualTo(200);
            assertThat(bad.requests()).hasSizeBetween(1, most);
            assertThat(good.requests()).hasSize(1);
            assertThat(fleet.balancer().stats().repeats()).isEqualTo(1);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void noMoreThanTheSetNumberOfAttempts() throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                ScriptedServer worse = ScriptedServer.answering(503, "worse");
                ScriptedServer worst = ScriptedServer.answering(502, "worst");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, worse, worst, good)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.body()).isEqualTo("worst");
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void withoutRepeatsTheFirstAnswerCounts() throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad", "Retry-After: 7");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(settings -> settings.retry(Retry.none()), bad, good)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void onlyReplicaIsAskedAgainAfterAPause() throws Exception {
        AtomicInteger visits = new AtomicInteger();
        try (ScriptedServer only = ScriptedServer.start(
                        visit -> visit.answer(visits.incrementAndGet() < 3 ? 503 : 200, "at last"));
                Fleet fleet = Fleet.of(only)) {
            assertThat(fleet.get("/").statusCode()).isEqualTo(200);
            assertThat(only.requests()).hasSize(3);
        }
    }

    /** Redirects that the transport follows: the first answer, then a hop that fails. */
    private static Fleet redirecting(ScriptedServer first, ScriptedServer good) {
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS)),
                settings -> settings,
                first.endpoint(),
                good.endpoint());
    }

    @Test
    void postThatWasRedirectedToAServerThatIsGoneIsNotSentAgain() throws Exception {
        String gone = ScriptedServer.refusing().uri() + "/there";
        try (ScriptedServer first = ScriptedServer.answering(307, "", "Location: " + gone);
                ScriptedServer good = good();
                Fleet fleet = redirecting(first, good)) {
            assertThat(catchThrowable(() -> fleet.send(request("POST")))).isInstanceOf(ConnectException.class);
            assertThat(first.requests()).hasSize(1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void redirectToAServerThatIsGoneDoesNotEjectTheReplicaThatGaveIt() throws Exception {
        String gone = ScriptedServer.refusing().uri() + "/there";
        try (ScriptedServer first = ScriptedServer.answering(302, "", "Location: " + gone);
                ScriptedServer good = good();
                Fleet fleet = redirecting(first, good)) {
            assertThat(catchThrowable(() -> fleet.get("/"))).isInstanceOf(ConnectException.class);
            fleet.balancer().weight(good.endpoint(), 2); // an update, which would act on what was noted
            assertThat(fleet.stats(0).state()).isEqualTo(EndpointState.UP);
        }
    }

    @Test
    void lastExceptionIsTheCallersWithTheEarlierSuppressed() throws Exception {
        Endpoint first = ScriptedServer.refusing();
        Endpoint second = ScriptedServer.refusing();
        Endpoint third = ScriptedServer.refusing();
        try (Fleet fleet = Fleet.of(settings -> settings, first, second, third)) {
            Throwable last = catchThrowable(() -> fleet.get("/"));
            assertThat(last).isInstanceOf(ConnectException.class);
            assertThat(last.getSuppressed()).hasSize(1);
            assertThat(last.getSuppressed()[0]).isInstanceOf(ConnectException.class);
            assertThat(last.getSuppressed()[0].getSuppressed()).singleElement().isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void schedulerThatWasShutDownFailsAnAsynchronousCallThatWouldWait() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        scheduler.shutdownNow();
        try (ScriptedServer only = ScriptedServer.answering(503, "busy");
                Fleet fleet = Fleet.of(
                        settings -> settings.scheduler(scheduler)
                                .retry(Retry.upTo(3).withBackoff(Duration.ofSeconds(10))),
                        only)) {
            assertThat(fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString()))
                    .failsWithin(Duration.ofSeconds(20));
            fleet.awaitIdle();
        }
    }

    @Test
    void asynchronousCallerGetsTheLastExceptionToo() throws Exception {
        try (Fleet fleet = Fleet.of(settings -> settings, ScriptedServer.refusing(), ScriptedServer.refusing())) {
            Throwable last = catchThrowable(() -> fleet.client()
                    .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                    .join());
            assertThat(last).isInstanceOf(CompletionException.class).hasCauseInstanceOf(ConnectException.class);
            assertThat(last.getCause().getSuppressed()).isNotEmpty();
        }
    }

    @Test
    void callersBodyHandlerIsNotAskedAboutAnAnswerThatIsRepeated() throws Exception {
        List<Integer> seen = new ArrayList<>();
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            HttpResponse<String> response = fleet.client()
                    .send(Fleet.request("/").build(), answer -> {
                        seen.add(answer.statusCode());
                        return BodySubscribers.mapping(BodySubscribers.ofByteArray(), String::new);
                    });
            assertThat(response.body()).isEqualTo("good:");
            assertThat(seen).containsExactly(200);
        }
    }

    @Test
    void connectionOfAShortAnswerThatIsRepeatedIsUsedAgain() throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertConnectionIsUsedAgain(bad, fleet);
        }
    }

    /** Nobody waits until the answer has been read, so the next request may come before that now and then. */
    private static void assertConnectionIsUsedAgain(ScriptedServer bad, Fleet fleet) throws Exception {
        for (int i = 0; i < 20; i++) {
            fleet.get("/");
        }
        assertThat(bad.connections()).isLessThan(bad.requests().size());
    }

    @Test
    void connectionOfAShortAnswerOfUnknownLengthIsUsedAgain() throws Exception {
        try (ScriptedServer bad = ScriptedServer.start(visit -> visit.write(CHUNKED + "5\r\nsorry\r\n0\r\n\r\n"));
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertConnectionIsUsedAgain(bad, fleet);
        }
    }

    @Test
    void longAnswerOfUnknownLengthIsNotReadToItsEnd() throws Exception {
        CompletableFuture<String> broken = new CompletableFuture<>();
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.write(CHUNKED);
                    String chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
                    try {
                        while (true) {
                            visit.write(chunk);
                        }
                    } catch (IOException e) {
                        broken.complete("by the client");
                    }
                });
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good:");
            assertThat(broken).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("by the client");
        }
    }

    @Test
    void bodyWhosePublisherFailsIsNotTheReplicasFault() throws Exception {
        try (ScriptedServer one = good();
                ScriptedServer two = good();
                Fleet fleet = Fleet.of(one, two)) {
            BodyPublisher failing = BodyPublishers.fromPublisher(subscriber -> {
                subscriber.onSubscribe(new NoSubscription());
                subscriber.onError(new IOException("the source broke"));
            });
            for (int i = 0; i < 12; i++) {
                assertThat(catchThrowable(() -> fleet.send(Fleet.request("/").PUT(failing))))
                        .isInstanceOf(IOException.class);
            }
            fleet.awaitIdle();
            assertThat(fleet.balancer().stats().endpoints()).allSatisfy(line -> {
                assertThat(line.failures()).isZero();
                assertThat(line.state()).isEqualTo(EndpointState.UP);
            });
        }
    }

    @Test
    void fileThatVanishedIsNotTheReplicasFault(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("body"), "gone soon");
        BodyPublisher body = BodyPublishers.ofFile(file);
        Files.delete(file);
        try (ScriptedServer one = good();
                ScriptedServer two = good();
                Fleet fleet = Fleet.of(one, two)) {
            for (int i = 0; i < 12; i++) {
                assertThat(catchThrowable(() -> fleet.send(Fleet.request("/").PUT(body))))
                        .isNotNull();
            }
            fleet.awaitIdle();
            assertThat(fleet.balancer().stats().endpoints()).allSatisfy(line -> {
                assertThat(line.failures()).isZero();
                assertThat(line.state()).isEqualTo(EndpointState.UP);
            });
        }
    }

    private static final class NoSubscription implements Flow.Subscription {

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    @Test
    void longAnswerThatIsRepeatedIsNotRead() throws Exception {
        CompletableFuture<String> broken = new CompletableFuture<>();
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.begin(503, Long.MAX_VALUE);
                    try {
                        while (true) {
                            visit.write(new byte[8192]);
                        }
                    } catch (IOException e) {
                        broken.complete("by the client");
                    }
                });
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good:");
            assertThat(broken).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("by the client");
        }
    }

    @Test
    void answerThatIsRepeatedMayHaveABodyThatNeverCame() throws Exception {
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.begin(503, 10);
                    visit.hang();
                });
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good:");
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @Test
    void bodiesThatNeverComeHoldFewConnections() throws Exception {
        CountDownLatch closed = new CountDownLatch(4);
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.begin(503, 10);
                    visit.hang();
                    closed.countDown();
                });
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(settings -> settings.breaker(Breaker.off()), bad, good)) {
            while (bad.requests().size() < 20) {
                assertThat(fleet.get("/").body()).isEqualTo("good:");
            }
            Waiting.on(closed); // all but 16
        }
    }

    // Bodies of requests.

    @Test
    void bodyOfAStringOrOfBytesIsSentAgain() throws Exception {
        byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
        for (BodyPublisher body : List.of(
                BodyPublishers.ofString(BODY),
                BodyPublishers.ofByteArray(bytes),
                BodyPublishers.ofByteArray(("x" + BODY + "x").getBytes(StandardCharsets.UTF_8), 1, bytes.length))) {
            try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                    ScriptedServer good = good();
                    Fleet fleet = Fleet.of(bad, good)) {
                assertThat(fleet.send(Fleet.request("/").PUT(body)).body()).isEqualTo("good:" + BODY);
            }
        }
    }

    @Test
    void bodyOfAFileIsSentAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("body"), BODY);
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.send(Fleet.request("/").PUT(BodyPublishers.ofFile(file)))
                            .body())
                    .isEqualTo("good:" + BODY);
        }
    }

    @Test
    void bodyOfAStreamIsNotSentAgain() throws Exception {
        try (ScriptedServer bad = ScriptedServer.answering(503, "bad");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            ByteArrayInputStream stream = new ByteArrayInputStream(BODY.getBytes(StandardCharsets.UTF_8));
            assertThat(fleet.send(Fleet.request("/").PUT(BodyPublishers.ofInputStream(() -> stream)))
                            .statusCode())
                    .isEqualTo(503);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void bodyOfAStreamThatWasNotTouchedIsSentElsewhere() throws Exception {
        try (ScriptedServer good = good();
                Fleet fleet = Fleet.of(settings -> settings, ScriptedServer.refusing(), good.endpoint())) {
            ByteArrayInputStream stream = new ByteArrayInputStream(BODY.getBytes(StandardCharsets.UTF_8));
            assertThat(fleet.send(Fleet.request("/").POST(BodyPublishers.ofInputStream(() -> stream)))
                            .body())
                    .isEqualTo("good:" + BODY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST"})
    void publisherOfUnknownKindIsNotSubscribedTwice(String method) throws Exception {
        Once body = new Once(BODY);
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.body();
                    visit.reset();
                });
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(bad, good)) {
            Throwable error = catchThrowable(() -> fleet.send(Fleet.request("/").method(method, body)));
            assertThat(error).isInstanceOf(IOException.class);
            assertThat(body.subscribed).hasValue(1);
            assertThat(bad.requests()).hasSize(1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void publisherOfUnknownKindIsSentWhereTheFirstConnectionWasRefused() throws Exception {
        Once body = new Once(BODY);
        try (ScriptedServer good = good();
                Fleet fleet = Fleet.of(settings -> settings, ScriptedServer.refusing(), good.endpoint())) {
            assertThat(fleet.send(Fleet.request("/").PUT(body)).body()).isEqualTo("good:" + BODY);
            assertThat(body.subscribed).hasValue(1);
        }
    }

    /** A publisher that a caller may have written: it can be read once. */
    private static final class Once implements BodyPublisher {

        private final String text;
        private final AtomicInteger subscribed = new AtomicInteger();

        Once(String text) {
            this.text = text;
        }

        @Override
        public long contentLength() {
            return text.length();
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            subscribed.incrementAndGet();
            BodyPublishers.ofString(text).subscribe(subscriber);
        }
    }

    // What a caller's own code throws.

    @Test
    void bodyHandlerThatThrowsIsSeenByTheCallerAndSaysNothingOfTheReplica() throws Exception {
        try (ScriptedServer first = ScriptedServer.answering(200, "fine");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(first, good)) {
            IllegalStateException own = new IllegalStateException("own");
            Throwable seen =
                    catchThrowable(() -> fleet.client().send(Fleet.request("/").build(), answer -> {
                        throw own;
                    }));
            assertThat(seen).hasRootCause(own);
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(good.requests()).isEmpty();
            fleet.awaitIdle();
        }
    }

    @Test
    void bodyHandlerThatThrowsAConnectExceptionIsNotTakenForTheReplica() throws Exception {
        try (ScriptedServer first = ScriptedServer.answering(200, "fine");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(first, good)) {
            Throwable seen =
                    catchThrowable(() -> fleet.client().send(Fleet.request("/").build(), answer -> {
                        throw new UncheckedIOException(new ConnectException("of another service"));
                    }));
            assertThat(seen).hasStackTraceContaining("of another service");
            assertThat(good.requests()).isEmpty();
            assertThat(fleet.get("/").body()).isEqualTo("fine");
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void bodyMapperThatThrowsAConnectExceptionDoesNotEjectTheReplica() throws Exception {
        try (ScriptedServer first = ScriptedServer.answering(200, "fine");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(first, good)) {
            Throwable seen = catchThrowable(() -> fleet.client()
                    .send(
                            Fleet.request("/").build(),
                            answer -> BodySubscribers.mapping(BodySubscribers.discarding(), nothing -> {
                                throw new UncheckedIOException(new ConnectException("of another service"));
                            })));
            assertThat(seen).hasStackTraceContaining("of another service");
            fleet.awaitIdle();
            fleet.balancer().weight(good.endpoint(), 2); // an update, which would act on what was noted
            assertThat(fleet.stats(0).state()).isEqualTo(EndpointState.UP);
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void bodyHandlerThatGivesNoSubscriberIsTheCallersFault() throws Exception {
        try (ScriptedServer first = ScriptedServer.answering(200, "fine");
                ScriptedServer good = good();
                Fleet fleet = Fleet.of(first, good)) {
            Throwable seen =
                    catchThrowable(() -> fleet.client().send(Fleet.request("/").build(), answer -> null));
            assertThat(seen).hasStackTraceContaining("gave no subscriber");
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void outcomesOfABalancerMayJudgeAStatusOtherwise() throws Exception {
        try (ScriptedServer first = ScriptedServer.answering(404, "gone");
                Fleet fleet = Fleet.of(
                        settings -> settings.outcomes(Outcomes.defaults().withStatus(404, Outcome.FAILURE)), first)) {
            assertThat(fleet.get("/").statusCode()).isEqualTo(404);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, SUCCESS",
        "204, SUCCESS",
        "304, SUCCESS",
        "404, SUCCESS",
        "408, FAILURE",
        "429, OVERLOADED",
        "500, FAILURE",
        "501, SUCCESS",
        "502, FAILURE",
        "503, OVERLOADED",
        "504, FAILURE"
    })
    void statusDecidesTheOutcome(int status, Outcome outcome) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "");
                Fleet fleet = Fleet.of(settings -> settings.retry(Retry.none()), server)) {
            fleet.get("/");
            assertThat(fleet.stats(0).successes()).isEqualTo(outcome == Outcome.SUCCESS ? 1 : 0);
            assertThat(fleet.stats(0).failures()).isEqualTo(outcome == Outcome.FAILURE ? 1 : 0);
            assertThat(fleet.stats(0).overloaded()).isEqualTo(outcome == Outcome.OVERLOADED ? 1 : 0);
            assertThat(fleet.stats(0).ignored()).isZero();
        }
    }
}
