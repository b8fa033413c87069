package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.VirtualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** The time of a request is for all that redirects lead to. */
class HopsTest {

    private static final Duration TAKEN = Duration.ofMillis(300);

    private final VirtualTime time = new VirtualTime(Long.MAX_VALUE - TAKEN.toNanos());
    private final Lifecycle lifecycle = new Lifecycle(Transports.given(new Wrapping(null)));
    /** How long hosts let a request take that says nothing of it. */
    private final Map<String, Duration> timeouts = new HashMap<>();

    private final List<HttpRequest> sent = new ArrayList<>();
    private final Hops hops = new Hops(
            new Redirecting(),
            new Redirects(Redirect.NORMAL, Redirects.MOST, new Services(Map.of(), lifecycle)),
            Optional.empty(),
            lifecycle,
            time);

    /** Every answer takes a while, and leads from a to b to c, which has no more to say. */
    private final class Redirecting implements Hops.Sender {

        @Override
        public Way way(HttpRequest request) {
            return null;
        }

        @Override
        public <T> HttpResponse<T> send(Way way, HttpRequest request, BodyHandler<T> handler) {
            sent.add(request);
            time.advance(TAKEN);
            Map<String, String> next = Map.of("a", "http://b/", "b", "http://c/");
            String location = next.get(request.uri().getHost());
            Scripted<T> answer = new Scripted<>(
                    request,
                    location == null ? 200 : 302,
                    HttpHeaders.of(
                            location == null ? Map.of() : Map.of("Location", List.of(location)),
                            (name, value) -> true));
            handler.apply(answer);
            return answer;
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                Way way, HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
            return CompletableFuture.completedFuture(send(way, request, handler));
        }

        @Override
        public Optional<Duration> timeout(Way way, HttpRequest request) {
            return request.timeout()
                    .or(() -> Optional.ofNullable(timeouts.get(request.uri().getHost())));
        }
    }

    private record Scripted<T>(HttpRequest request, int statusCode, HttpHeaders headers)
            implements HttpResponse<T>, ResponseInfo {

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public T body() {
            return null;
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public HttpClient.Version version() {
            return Version.HTTP_1_1;
        }
    }

    private static HttpRequest.Builder a() {
        return HttpRequest.newBuilder(URI.create("http://a/"));
    }

    private List<Long> millis() {
        return sent.stream()
                .map(request -> request.timeout().map(Duration::toMillis).orElse(-1L))
                .toList();
    }

    @Test
    void timeoutOfTheRequestIsForAll() throws Exception {
        HttpResponse<String> last = hops.send(a().timeout(Duration.ofSeconds(1)).build(), BodyHandlers.ofString());
        assertThat(millis()).containsExactly(1000L, 700L, 400L);
        assertThat(last.request().timeout()).hasValue(Duration.ofSeconds(1)); // as the JDK's client has it
    }

    @Test
    void timeoutOfTheRequestIsForAllOfAFuture() throws Exception {
        hops.sendAsync(a().timeout(Duration.ofSeconds(1)).build(), BodyHandlers.ofString(), null)
                .join();
        assertThat(millis()).containsExactly(1000L, 700L, 400L);
    }

    @Test
    void timeOfWhereItBeginsIsForAll() throws Exception {
        timeouts.put("a", Duration.ofSeconds(1));
        timeouts.put("b", Duration.ofSeconds(2));
        hops.send(a().build(), BodyHandlers.ofString());
        assertThat(millis()).containsExactly(-1L, 700L, 400L);
    }

    @Test
    void whereItLeadsMayHaveLess() throws Exception {
        timeouts.put("a", Duration.ofSeconds(10));
        timeouts.put("b", Duration.ofSeconds(1));
        hops.send(a().build(), BodyHandlers.ofString());
        assertThat(millis()).containsExactly(-1L, 1000L, 700L);
    }

    @Test
    void whatHasNoEndGoesOnSo() throws Exception {
        hops.send(a().build(), BodyHandlers.ofString());
        assertThat(millis()).containsExactly(-1L, -1L, -1L);
    }

    /** Which the JVM's switch lets callers set. */
    @Test
    void hostThatTheCallerSetIsForThatOneHost() throws Exception {
        Map<String, List<String>> headers = Map.of("Host", List.of("shop.example.com"), "X-Kept", List.of("yes"));
        hops.send(new HandMade("GET", "http://a/", Optional.empty(), headers), BodyHandlers.ofString());
        assertThat(sent.get(1).headers().map()).isEqualTo(Map.of("X-Kept", List.of("yes")));
    }

    @Test
    void requestWhoseTimeIsOverIsNotSent() {
        HttpRequest request = a().timeout(TAKEN.multipliedBy(2)).build();
        assertThat(catchThrowable(() -> hops.send(request, BodyHandlers.ofString())))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(millis()).containsExactly(600L, 300L);
        assertThat(catchThrowable(() ->
                        hops.sendAsync(request, BodyHandlers.ofString(), null).join()))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(HttpTimeoutException.class);
    }
}
