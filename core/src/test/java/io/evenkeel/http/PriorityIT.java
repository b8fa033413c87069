package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Limit;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of another priority, where they wait for a replica. */
@Timeout(60)
class PriorityIT {

    private final Semaphore mayAnswer = new Semaphore(0);

    private Fleet fleet(ScriptedServer server) {
        return Fleet.of(
                BalancedHttpClient.builder()
                        .priority(request -> request.headers()
                                .firstValue("X-Priority")
                                .map(Integer::parseInt)
                                .orElse(0)),
                settings -> settings.limit(Limit.perReplica(1).withQueue(10)),
                server.endpoint());
    }

    private static CompletableFuture<String> get(Fleet fleet, String path, String priority) {
        return fleet.client()
                .sendAsync(Fleet.request(path).header("X-Priority", priority).build(), BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    @Test
    void theImportantGoFirst() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(visit -> {
                    mayAnswer.acquire();
                    visit.answer(200, "well");
                });
                Fleet fleet = fleet(server)) {
            List<CompletableFuture<String>> all = new ArrayList<>();
            all.add(get(fleet, "/running", "0"));
            Waiting.until("the first arrived", () -> server.requests().size() == 1);
            all.add(get(fleet, "/usual", "0"));
            all.add(get(fleet, "/cheap", "-7"));
            all.add(get(fleet, "/important", "7"));
            mayAnswer.release(4);
            for (CompletableFuture<String> one : all) {
                assertThat(one.get()).isEqualTo("well");
            }
            assertThat(server.requests())
                    .extracting(ScriptedServer.Received::target)
                    .containsExactly("/running", "/important", "/usual", "/cheap");
        }
    }

    @Test
    void whatIsOutOfRangeIsTheCallersToSee() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, "well");
                Fleet fleet = fleet(server)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fleet.send(Fleet.request("/").header("X-Priority", "101")))
                    .withMessageContaining("priority is 101");
            assertThat(fleet.get("/").body()).isEqualTo("well");
        }
    }
}
