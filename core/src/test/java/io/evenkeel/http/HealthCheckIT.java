package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health checks go by the client's own connections. */
@Timeout(60)
class HealthCheckIT {

    private static final HealthCheck CHECK = HealthCheck.get("/healthz").withInterval(Duration.ofHours(1));

    private final AtomicReference<EndpointSource.Listener> listener = new AtomicReference<>();

    private Fleet fleet(ScriptedServer old) {
        return fleet(CHECK, old);
    }

    private Fleet fleet(HealthCheck check, ScriptedServer old) {
        return Fleet.of(
                settings -> settings.healthCheck(check).source(to -> {
                    listener.set(to);
                    to.endpoints(List.of(old.endpoint()));
                    return () -> {};
                }),
                old);
    }

    @Test
    void aNewReplicaHasAConnectionBeforeItsFirstCall() throws Exception {
        try (ScriptedServer old = ScriptedServer.answering(200, "old");
                ScriptedServer fresh = ScriptedServer.answering(200, "fresh");
                Fleet fleet = fleet(old)) {
            listener.get().endpoints(List.of(fresh.endpoint(), old.endpoint()));
            Waiting.until("the check is passed", () -> fleet.stats(0).state() == EndpointState.RAMPING);
            assertThat(fresh.requests())
                    .extracting(ScriptedServer.Received::target)
                    .containsExactly("/healthz");
            assertThat(fleet.get("/").body()).isEqualTo("fresh");
            assertThat(fresh.connections()).isEqualTo(1);
        }
    }

    @Test
    void aCheckByConnectingAsksForNothing() throws Exception {
        HealthCheck connecting = HealthCheck.connect().withInterval(Duration.ofHours(1));
        try (ScriptedServer old = ScriptedServer.answering(200, "old");
                ScriptedServer fresh = ScriptedServer.answering(200, "fresh");
                Fleet fleet = fleet(connecting, old)) {
            listener.get().endpoints(List.of(fresh.endpoint(), old.endpoint()));
            Waiting.until("the check is passed", () -> fleet.stats(0).state() == EndpointState.RAMPING);
            Waiting.until("the connection is there", () -> fresh.connections() == 1);
            assertThat(fresh.requests()).isEmpty();
        }
    }

    @Test
    void whereTheClientIsGoneChecksGoOnByThemselves() throws Exception {
        try (ScriptedServer old = ScriptedServer.answering(200, "old");
                ScriptedServer fresh = ScriptedServer.answering(200, "fresh");
                Fleet fleet = fleet(old)) {
            fleet.client().shutdownNow();
            listener.get().endpoints(List.of(fresh.endpoint(), old.endpoint()));
            Waiting.until("the check is passed", () -> fleet.stats(0).state() == EndpointState.RAMPING);
        }
    }
}
