package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What replicas say of their load. They are real, but the balancer's clock is the test's: every call takes a
 * millisecond of it, so that nothing but the reports tells one replica from another.
 */
@Timeout(60)
class ReportIT {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong clock = new AtomicLong();

    private ScriptedServer saying(String... headers) throws IOException {
        return answering(200, headers);
    }

    private ScriptedServer answering(int status, String... headers) throws IOException {
        return ScriptedServer.start(visit -> {
            clock.addAndGet(MILLISECOND);
            visit.answer(status, "", headers);
        });
    }

    private Fleet adaptive(UnaryOperator<LoadBalancer.Builder> settings, ScriptedServer... servers) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        return Fleet.of(
                builder -> settings.apply(builder.policy(Policy.adaptive())
                        .retry(Retry.none())
                        .clock(clock::get)
                        .random(() -> random)),
                servers);
    }

    private Fleet adaptive(ScriptedServer... servers) {
        return adaptive(settings -> settings, servers);
    }

    private static void calls(Fleet fleet, int n) throws IOException, InterruptedException {
        for (int i = 0; i < n; i++) {
            fleet.get("/");
        }
    }

    /**
     * The latency expected of the busy one is 50 means when it has reported, and 1 + 49 exp(-k / 25) after k more calls of a
     * millisecond each: at k = 100 still 1.9. So it loses every comparison, and comes after its first call only if it is drawn
     * with itself, which it never is.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-evenkeel-load: rif=%d, latency=%d",
                "endpoint-load-metrics: TEXT cpu_utilization=0.9, named_metrics.rif=%d, named_metrics.latency=%d",
                "endpoint-load-metrics: JSON {\"eps\": 0, \"named_metrics\": {\"rif\": %d, \"latency\": %d}}",
            })
    void aReplicaThatReportsToBeBusyIsLeftAloneUntilItsReportIsOld(String header) throws Exception {
        try (ScriptedServer busy = saying(header.formatted(50, 50));
                ScriptedServer one = saying(header.formatted(0, 1));
                ScriptedServer two = saying(header.formatted(0, 1));
                Fleet fleet = adaptive(busy, one, two)) {
            calls(fleet, 100);
            assertThat(busy.requests()).hasSizeLessThanOrEqualTo(1);
            assertThat(one.requests().size() + two.requests().size()).isGreaterThanOrEqualTo(99);
            assertThat(fleet.balancer().stats().malformedReports()).isZero();
            clock.addAndGet(Duration.ofSeconds(10).toNanos());
            calls(fleet, 100);
            assertThat(busy.requests()).hasSizeGreaterThan(1);
        }
    }

    /** A third of the calls each, within 5 sigma: 300 x 1/3 +- 5 sqrt(300 x 1/3 x 2/3). */
    @Test
    void reportsCanBeTurnedOff() throws Exception {
        try (ScriptedServer busy = saying("x-evenkeel-load: rif=50, latency=50");
                ScriptedServer one = saying("x-evenkeel-load: rif=0, latency=1");
                ScriptedServer two = saying("x-evenkeel-load: rif=0, latency=1");
                Fleet fleet =
                        adaptive(settings -> settings.policy(Policy.adaptive().withReports(false)), busy, one, two)) {
            calls(fleet, 300);
            assertThat(busy.requests().size()).isBetween(100 - 41, 100 + 41);
        }
    }

    /**
     * Usually it has none in flight, then 50: after its first call it costs 51 / 3.5 times as much (a new report has a
     * twentieth of the mean), and 1 + 13.6 exp(-k / 7.3) after k more calls: 1.06 for k = 40, when it is asked again; the
     * next time for k = 20. A third of the calls were 20.
     */
    @Test
    void callsInFlightAreEnough() throws Exception {
        AtomicInteger inFlight = new AtomicInteger();
        try (ScriptedServer busy = ScriptedServer.start(visit -> {
                    clock.addAndGet(MILLISECOND);
                    visit.answer(200, "", "x-evenkeel-load: rif=" + inFlight.get());
                });
                ScriptedServer one = saying("x-evenkeel-load: rif=0");
                ScriptedServer two = saying("x-evenkeel-load: rif=0");
                Fleet fleet = adaptive(busy, one, two)) {
            calls(fleet, 30);
            assertThat(busy.requests()).hasSizeGreaterThan(3);
            int before = busy.requests().size();
            inFlight.set(50);
            calls(fleet, 60);
            assertThat(busy.requests().size() - before).isBetween(1, 4);
        }
    }

    /** Not charged for it, a refusal costs as much as any call; with the report the latency is 1 + 49 exp(-10 / 25), 34. */
    @Test
    void aRefusalReportsToo() throws Exception {
        try (ScriptedServer busy = answering(503, "x-evenkeel-load: rif=50, latency=50");
                ScriptedServer other = saying();
                Fleet fleet =
                        adaptive(settings -> settings.policy(Policy.adaptive().withFailureCharge(0)), busy, other)) {
            calls(fleet, 10);
            assertThat(busy.requests()).hasSize(1);
            assertThat(fleet.balancer()
                            .explain(Call.any())
                            .candidates()
                            .get(0)
                            .score()
                            .orElseThrow())
                    .isGreaterThan(30);
        }
    }

    @Test
    void aMalformedReportIsCountedAndTheCallGoesOn() throws Exception {
        try (ScriptedServer server = saying("x-evenkeel-load: rif=a lot");
                ScriptedServer boasting = saying("x-evenkeel-load: rif=-1");
                ScriptedServer binary = saying("endpoint-load-metrics: BIN CZqZmZmZmbk/");
                Fleet fleet = Fleet.of(server, boasting, binary)) {
            assertThat(fleet.get("/").statusCode()).isEqualTo(200);
            assertThat(fleet.client()
                            .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                            .join()
                            .statusCode())
                    .isEqualTo(200);
            assertThat(fleet.balancer().stats().malformedReports()).isEqualTo(2);
            fleet.balancer().disable(server.endpoint());
            fleet.get("/");
            assertThat(fleet.balancer().stats().malformedReports()).isEqualTo(3);
            fleet.balancer().disable(boasting.endpoint());
            fleet.get("/");
            assertThat(fleet.balancer().stats().malformedReports()).isEqualTo(3);
        }
    }
}
