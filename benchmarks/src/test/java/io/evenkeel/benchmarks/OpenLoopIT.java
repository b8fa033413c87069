package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Outliers;
import io.evenkeel.Retry;
import io.evenkeel.policy.Policy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenLoopIT {

    private static final WaitingOrigin.Behaviour HEALTHY = new WaitingOrigin.Behaviour(200, 16, 2_000, 25);
    private static final WaitingOrigin.Behaviour FAILING = new WaitingOrigin.Behaviour(500, 16, 100, 25);

    /** Calls a second: few, so that a machine which is busy with other work does not show. */
    private static final int RATE = 100;

    @Test
    void callersSeeAnOriginFailFromTheMomentItDoes() throws Exception {
        try (Processes processes = new Processes();
                HttpClient command = HttpClient.newHttpClient()) {
            List<String> origins = List.of(WaitingOrigin.start(processes, 3, "64m", HEALTHY));
            URI odd = URI.create(origins.getFirst() + FAILING.path());
            Contender.Maker blind = HttpContender.evenkeel(settings -> settings.policy(Policy.roundRobin())
                    .retry(Retry.none())
                    .breaker(Breaker.off())
                    .outliers(Outliers.off()));
            try (Contender contender = blind.over(origins)) {
                OpenLoop before = OpenLoop.run(contender, RATE, 300, () -> "never", 0);
                assertThat(before.window(0, 300).failed()).isZero();
                assertThat(before.window(0, 300).percentile(0)).isGreaterThanOrEqualTo(1.5);
                assertThat(before.window(0, 300).share(odd.getPort())).isBetween(33.0, 34.0);
                OpenLoop after = OpenLoop.run(
                        contender,
                        RATE,
                        0,
                        () -> command.send(HttpRequest.newBuilder(odd).build(), BodyHandlers.discarding()),
                        300);
                assertThat(after.window(0, 300).failed()).isBetween(0.1, 34.0);
                assertThat(after.window(0, 300).share(odd.getPort())).isBetween(33.0, 34.0);
            }
        }
    }
}
