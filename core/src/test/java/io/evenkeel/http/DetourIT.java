package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport that is given, and follows redirects by itself. */
@Timeout(60)
class DetourIT {

    private final HttpClient transport =
            HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();

    @AfterEach
    void stop() {
        transport.shutdownNow();
    }

    @Test
    void whatAnotherHostAnswersIsServedByNoReplica() throws Exception {
        try (ScriptedServer other = ScriptedServer.answering(200, "from elsewhere");
                ScriptedServer replica = ScriptedServer.answering(302, "", "Location: " + other.uri() + "/there");
                Fleet fleet = Fleet.on(transport, replica)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.body()).isEqualTo("from elsewhere");
            assertThat(BalancedHttpClient.servedBy(response)).isEmpty();
        }
    }

    @Test
    void whatTheReplicaAnswersElsewhereIsServedByIt() throws Exception {
        try (ScriptedServer replica = ScriptedServer.start(visit -> {
                    if (visit.request().target().equals("/")) {
                        visit.answer(302, "", "Location: /there");
                    } else {
                        visit.answer(200, "there");
                    }
                });
                Fleet fleet = Fleet.on(transport, replica)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.body()).isEqualTo("there");
            assertThat(BalancedHttpClient.servedBy(response)).hasValue(replica.endpoint());
        }
    }
}
