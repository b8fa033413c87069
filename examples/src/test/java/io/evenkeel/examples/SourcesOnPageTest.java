package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.NoEndpointException;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.discovery.PollingSource;
import io.evenkeel.discovery.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/discovery.md shows: its code compiles here, and its URIs name sources. */
class SourcesOnPageTest {

    /** In a cell of the table of sources: of those whose artifacts bring no more than the JDK and a small library. */
    private static final Pattern URI = Pattern.compile("`((dns|dns[+]srv|file|https|consul|eureka|static):[^`]*)`");

    static List<String> uris() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "discovery.md")).stream()
                .filter(line -> line.startsWith("|"))
                .flatMap(line -> URI.matcher(line).results())
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("uris")
    void everyUriOfThePageNamesASource(String uri) {
        assertThat(Sources.of(uri)).isNotNull();
    }

    @Test
    void thePageNamesThem() throws IOException {
        assertThat(uris()).hasSizeGreaterThanOrEqualTo(7);
    }

    void byUri() throws InterruptedException, NoEndpointException {
        var orders = LoadBalancer.builder("orders")
                .source(Sources.of("dns+srv://_http._tcp.orders.example"))
                .build();
        orders.awaitReady(Duration.ofSeconds(5)); // has a first list, or says why not
    }

    EndpointSource ofOnesOwn() {
        EndpointSource orders = PollingSource.of("orders in our database", () -> listener -> {
            listener.endpoints(read("select uri from replicas where service = 'orders'"));
            return Duration.ofSeconds(5); // until it asks again; an exception is trouble
        });
        return orders;
    }

    private static List<Endpoint> read(String query) {
        return List.of(Endpoint.of("http://" + query.length()));
    }
}
