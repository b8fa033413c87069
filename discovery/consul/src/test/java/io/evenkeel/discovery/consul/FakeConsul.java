package io.evenkeel.discovery.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.WebRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Answers as Consul does, by blocking queries, as long as it is not told to answer otherwise. */
final class FakeConsul extends WebRegistry {

    /** What every question must carry. */
    static final String TOKEN = UUID.randomUUID().toString();

    private static final Pattern INDEX = Pattern.compile("index=(\\d+)&wait=(\\d+)ms");

    private final Deque<HttpHandler> others = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();
    private byte[] published = json(List.of()).getBytes(UTF_8);
    private long index = 10;

    private FakeConsul(Optional<SSLContext> tls) {
        super(tls);
    }

    static FakeConsul started() throws IOException {
        return started(Optional.empty());
    }

    static FakeConsul started(Optional<SSLContext> tls) throws IOException {
        FakeConsul consul = new FakeConsul(tls);
        consul.start();
        return consul;
    }

    @Override
    public ConsulEndpoints source() {
        return ConsulEndpoints.of("orders").at(uri()).withToken(() -> TOKEN);
    }

    @Override
    public EndpointSource impatientSource() {
        return source().withWait(Duration.ofSeconds(1)).withTimeout(Duration.ofSeconds(1));
    }

    @Override
    public void publish(List<Endpoint> endpoints) {
        byte[] answer = json(endpoints).getBytes(UTF_8);
        change(() -> {
            published = answer;
            index++;
        });
    }

    /** The index of what is published next is one more. */
    void goBackTo(long lower) {
        change(() -> index = lower);
    }

    /** Answers one question otherwise, be it one that waits now. */
    void answerOnce(HttpHandler other) {
        change(() -> others.add(other));
    }

    /** The queries of all questions so far. */
    List<String> questions() {
        lock.lock();
        try {
            return List.copyOf(questions);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(TOKEN);
    }

    // How it answers

    @Override
    protected void answer(HttpExchange exchange) throws IOException, InterruptedException {
        String query = exchange.getRequestURI().getRawQuery();
        change(() -> questions.add(query));
        awaitNews(query);
        if (!meets(exchange)) {
            reply(exchange, query).handle(exchange);
        }
    }

    /** Until there is news since the index asked for, or the wait is over, or something is wrong. */
    private void awaitNews(String query) throws InterruptedException {
        Matcher asked = INDEX.matcher(query);
        if (asked.find()) {
            long since = Long.parseLong(asked.group(1));
            await(
                    () -> !others.isEmpty() || fault().isPresent() || index > since,
                    Long.parseLong(asked.group(2)),
                    TimeUnit.MILLISECONDS);
        }
    }

    private HttpHandler reply(HttpExchange exchange, String query) {
        boolean known = TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Consul-Token"));
        lock.lock();
        try {
            if (!others.isEmpty()) {
                return others.remove();
            }
            return known && query.startsWith("passing=true")
                    ? saying(200, index, published)
                    : saying(403, index, "ACL not found");
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void deny(HttpExchange exchange) throws IOException {
        saying(403, 1_000, "ACL not found").handle(exchange);
    }

    @Override
    protected void head(HttpExchange exchange) {
        exchange.getResponseHeaders().set("X-Consul-Index", "1000");
    }

    @Override
    protected byte[] garbage() {
        byte[] garbage = new byte[1_000];
        new Random(7).nextBytes(garbage);
        return garbage;
    }

    /** An answer. */
    static HttpHandler saying(int status, Object index, String body) {
        return saying(status, index, body.getBytes(UTF_8));
    }

    private static HttpHandler saying(int status, Object index, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().set("X-Consul-Index", index.toString());
            send(exchange, status, body);
        };
    }

    /** What Consul says of instances at these addresses. */
    static String json(List<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> """
                        {"Node": {"Node": "one", "Address": "10.9.9.9"}, "Service": {"ID": "%s", "Address": "%s", "Port": %d, \
                        "Weights": {"Passing": 1, "Warning": 1}}}""".formatted(endpoint.id(), endpoint.uri().getHost(), endpoint.port()))
                .collect(Collectors.joining(",\n", "[", "]"));
    }
}
