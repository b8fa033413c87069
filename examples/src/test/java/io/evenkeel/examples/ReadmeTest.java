package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.Guard;
import io.evenkeel.HealthCheck;
import io.evenkeel.Hedge;
import io.evenkeel.Limit;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.Retry;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.balance.Lease;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.discovery.file.FileEndpoints;
import io.evenkeel.http.Affinity;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.http.Route;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's code is this class's: it compiles, and the first of it runs as {@link Minimal}. */
class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    static List<String> blocks() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        return BLOCK.matcher(readme).results().map(MatchResult::group).toList();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyBlockOfTheReadmeCompiles(String block) throws IOException {
        String code = block.replace("```java", "").replace("```", "").replaceAll("(?<!:)//.*", "");
        String here = Files.readString(Path.of("src/test/java/io/evenkeel/examples/ReadmeTest.java"));
        assertThat(inOneLine(here)).contains(inOneLine(code));
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void theFirstCodeComesByLineFifteen() throws IOException {
        assertThat(Files.readAllLines(Path.of("..", "README.md")).indexOf("```java"))
                .isBetween(0, 14);
    }

    void first() throws IOException, InterruptedException {
        var orders = LoadBalancer.builder("orders")
                .endpoints("http://10.0.0.1:8080", "http://10.0.0.2:8080", "http://10.0.0.3:8080")
                .build();
        HttpClient client = BalancedHttpClient.of(orders);

        HttpResponse<String> reply = client.send(
                HttpRequest.newBuilder(URI.create("http://orders/items/42")).build(), BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(200);
    }

    void settings(EndpointSource source, Observer observer, LoadBalancer users) {
        var orders = LoadBalancer.builder("orders")
                .source(source)
                .policy(Policy.adaptive())
                .breaker(Breaker.defaults().withFailureShare(0.4))
                .outliers(Outliers.defaults().withConsecutiveFailures(3))
                .slowStart(SlowStart.over(Duration.ofSeconds(60)))
                .healthCheck(HealthCheck.get("/healthz"))
                .limit(Limit.perReplica(64).withQueue(100))
                .guard(Guard.defaults().withMostRemoved(0.3))
                .zone("eu-1a")
                .subset(Subset.ofClient(3, 50))
                .deadline(Duration.ofSeconds(2))
                .retry(Retry.upTo(3).withAttemptTimeout(Duration.ofMillis(500)))
                .hedge(Hedge.after(Duration.ofMillis(50)))
                .authority("orders.example.com")
                .remember(Path.of("/var/lib/shop/orders.last"))
                .observer(observer)
                .build();
        HttpClient client = BalancedHttpClient.builder()
                .transport(() -> HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)))
                .balance(orders, Route.path("/v2/**").toTag("version", "2"))
                .balance(users)
                .affinity(Affinity.header("X-User"))
                .build();
        client.close();
    }

    void anyProtocol(LoadBalancer orders) throws IOException, InterruptedException {
        User user = orders.call(endpoint -> stub(endpoint).getUser(42));
        User again = orders.call(
                Call.any()
                        .withKey("user-42")
                        .withDeadline(Duration.ofMillis(300))
                        .idempotent(),
                endpoint -> stub(endpoint).getUser(42));
        CompletableFuture<User> later =
                orders.callAsync(endpoint -> stub(endpoint).getUserAsync(42));
        try (Lease lease = orders.acquire()) {
            talkTo(lease.endpoint());
            lease.complete(Outcome.SUCCESS);
        }
        assertThat(user).isEqualTo(again).isEqualTo(later.join());
    }

    void file() {
        var orders = LoadBalancer.builder("orders")
                .source(FileEndpoints.at(Path.of("/etc/orders/endpoints.json")))
                .build();
        orders.close();
    }

    private record User(int id) {}

    private record Stub(Endpoint endpoint) {

        User getUser(int id) throws IOException {
            if (id < 0) {
                throw new IOException("no user " + id + " at " + endpoint);
            }
            return new User(id);
        }

        CompletableFuture<User> getUserAsync(int id) {
            return CompletableFuture.completedFuture(new User(id));
        }
    }

    private static Stub stub(Endpoint endpoint) {
        return new Stub(endpoint);
    }

    private static void talkTo(Endpoint endpoint) {
        assertThat(endpoint.port()).isPositive();
    }
}
