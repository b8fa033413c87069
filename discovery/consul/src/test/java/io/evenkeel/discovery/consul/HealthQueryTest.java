package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthQueryTest {

    private final HealthQuery orders = HealthQuery.about("orders");

    @Test
    void theFirstQuestionDoesNotWait() {
        assertThat(orders.uri(0)).hasToString("http://127.0.0.1:8500/v1/health/service/orders?passing=true");
        assertThat(orders.timeout(0)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aQuestionForNewsMayTakeAsLongAsTheAgentWaitsAndASixteenthMore() {
        HealthQuery patient = orders.withPatience(Duration.ofSeconds(160)).withTimeout(Duration.ofSeconds(3));

        assertThat(patient.uri(42))
                .hasToString("http://127.0.0.1:8500/v1/health/service/orders?passing=true&index=42&wait=160000ms");
        assertThat(patient.timeout(42)).isEqualTo(Duration.ofSeconds(160 + 10 + 3));
    }

    @Test
    void everyWishIsAParameter() {
        HealthQuery picky = orders.withDatacenter("eu")
                .withTag("primary")
                .withTag("version=2")
                .withStale(true);

        assertThat(picky.uri(0).getRawQuery()).isEqualTo("passing=true&dc=eu&tag=primary&tag=version%3D2&stale=true");
    }

    @Test
    void namesCannotChangeTheQuestion() {
        HealthQuery odd = HealthQuery.about("a/../b?c#d e").withTag("&index=1").withDatacenter("ü");

        assertThat(odd.uri(0))
                .hasToString("http://127.0.0.1:8500/v1/health/service/a%2F..%2Fb%3Fc%23d%20e"
                        + "?passing=true&dc=%C3%BC&tag=%26index%3D1");
    }

    @Test
    void aPathOfTheAgentComesFirst() {
        assertThat(orders.withAgent(URI.create("https://consul.example/eu/")).uri(0))
                .hasToString("https://consul.example/eu/v1/health/service/orders?passing=true");
    }
}
