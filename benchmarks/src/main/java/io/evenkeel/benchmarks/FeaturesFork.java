package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.Affinity;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.http.Route;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/**
 * Calls by one client over TLS, in a JVM of its own, whenever it is this one's turn: an application has one client, and in one JVM each
 * would spoil the other's compiled code.
 */
final class FeaturesFork implements Rounds.Slice {

    static final int IN_FLIGHT = 64;

    private final Process process;
    private final BufferedReader answers;
    private final String turn;

    /** Starts the JVM; with {@code features} its client balances, by routes and with affinity. Each turn takes {@code millis}. */
    FeaturesFork(Processes processes, Loopback loopback, Version version, boolean features, int millis)
            throws IOException {
        process = processes.start(Forks.command(
                FeaturesFork.class,
                "512m",
                List.of(
                        version.name(),
                        String.valueOf(features),
                        loopback.certificate().toString(),
                        String.join(",", loopback.secureOrigins()))));
        answers = process.inputReader();
        turn = millis + "\n";
    }

    @Override
    public Map<String, Double> run() throws IOException {
        process.outputWriter().append(turn).flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the client's JVM has ended");
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String figure : answer.split(" ", -1)) {
            int end = figure.indexOf('=');
            figures.put(figure.substring(0, end), Double.valueOf(figure.substring(end + 1)));
        }
        return figures;
    }

    /** The version, whether with features, the file of the origins' certificate, the origins. */
    public static void main(String[] args) throws Exception {
        Version version = Version.valueOf(args[0]);
        boolean features = Boolean.parseBoolean(args[1]);
        SSLContext trusting = Certificate.trusting(Path.of(args[2]));
        List<String> origins = Arrays.asList(args[3].split(",", -1));
        HttpClient client =
                features ? balanced(trusting, origins) : tuned(trusting).build();
        List<HttpRequest> requests =
                requests(version, user -> features ? "orders" : origins.get(user % origins.size()));
        BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String millis = turns.readLine(); millis != null; millis = turns.readLine()) {
            System.out.println(words(Loads.run(client, requests, IN_FLIGHT, 200, Long.parseLong(millis))
                    .figures()));
        }
    }

    private static String words(Map<String, Double> figures) {
        return figures.entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    private static HttpClient balanced(SSLContext trusting, List<String> origins) {
        LoadBalancer orders = LoadBalancer.builder("orders")
                .endpoints(origins.stream().map(address -> "https://" + address).toArray(String[]::new))
                .build();
        return BalancedHttpClient.builder()
                .transport(() -> tuned(trusting))
                .balance(
                        orders,
                        Route.path("/admin/**").toTag("role", "admin"),
                        Route.header("X-Canary", "yes").toTag("version", "2"),
                        Route.method("DELETE").and(Route.query("force", "true")).toTag("role", "admin"),
                        Route.path("/**").withTimeout(Duration.ofSeconds(5)))
                .affinity(Affinity.header("X-User"))
                .build();
    }

    private static HttpClient.Builder tuned(SSLContext trusting) {
        return HttpClient.newBuilder()
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .connectTimeout(Duration.ofSeconds(1))
                .sslContext(trusting);
    }

    /** The same but for the authority, one for each user. */
    private static List<HttpRequest> requests(Version version, IntFunction<String> authority) {
        return IntStream.range(0, IN_FLIGHT)
                .mapToObj(user -> HttpRequest.newBuilder(URI.create("https://" + authority.apply(user) + "/items/42"))
                        .version(version)
                        .timeout(Duration.ofSeconds(5))
                        .header("X-User", "user " + user)
                        .build())
                .toList();
    }
}
