package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.OverloadedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How often the JDK's clients are asked in vain where a connection bears no more requests. */
class LanesTest {

    private static final int STREAMS = 100;

    private int refused;
    private final List<Limited> made = new ArrayList<>();
    private final Lanes lanes = new Lanes(made(), this::made);
    private final Queue<CompletableFuture<?>> underWay = new ArrayDeque<>();

    private HttpClient made() {
        Limited client = new Limited();
        made.add(client);
        return client;
    }

    /** Has one connection to each server, which bears so many streams. */
    private final class Limited extends Wrapping {

        private final Map<String, Integer> streams = new HashMap<>();

        Limited() {
            super(null);
        }

        @Override
        public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
            enter(request);
            streams.merge(request.uri().getAuthority(), -1, Integer::sum);
            return null;
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
            try {
                enter(request);
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            CompletableFuture<HttpResponse<T>> answer = new CompletableFuture<>();
            answer.whenComplete((response, error) -> streams.merge(request.uri().getAuthority(), -1, Integer::sum));
            underWay.add(answer);
            return answer;
        }

        private void enter(HttpRequest request) throws IOException {
            if (streams.merge(request.uri().getAuthority(), 1, Integer::sum) > STREAMS) {
                streams.merge(request.uri().getAuthority(), -1, Integer::sum);
                refused++;
                throw new IOException("too many concurrent streams");
            }
        }
    }

    private static HttpRequest request(int server) {
        return HttpRequest.newBuilder(URI.create("http://10.0.0." + server + ":8080/"))
                .build();
    }

    private CompletableFuture<HttpResponse<Void>> begin(int server) {
        HttpRequest request = request(server);
        Access access = new Access(lanes, request.uri(), null, null);
        return new Sending<>(access, request, BodyHandlers.discarding(), null, response -> response).begin();
    }

    private void endOldest() {
        underWay.remove().complete(null);
    }

    @Test
    void fewAreAskedInVainHoweverManyRequestsAreUnderWay() {
        for (int i = 0; i < 800; i++) {
            begin(1);
        }
        for (int i = 0; i < 10_000; i++) {
            endOldest();
            begin(1);
        }
        assertThat(underWay).hasSize(800);
        assertThat(refused).isLessThan(10_800 / 10);
    }

    @Test
    void soItIsOnTheCallersThread() throws Exception {
        for (int i = 0; i < 800; i++) {
            begin(1);
        }
        refused = 0;
        for (int i = 0; i < 1_000; i++) {
            lanes.send(request(1), BodyHandlers.discarding());
        }
        assertThat(refused).isLessThan(1_000 / 10);
    }

    @Test
    void lanesThatAreNotNeededAnyMoreAreLeft() throws Exception {
        for (int i = 0; i < 800; i++) {
            begin(1);
        }
        while (!underWay.isEmpty()) {
            endOldest();
        }
        for (int i = 0; i < 1_000; i++) {
            begin(1);
            endOldest();
        }
        begin(1);
        assertThat(made.get(0).streams).containsEntry("10.0.0.1:8080", 1);
    }

    @Test
    void serversAreKnownOneByOne() {
        for (int i = 0; i < 800; i++) {
            begin(1);
        }
        refused = 0;
        begin(2);
        assertThat(made.get(0).streams).containsEntry("10.0.0.2:8080", 1);
        assertThat(refused).isZero();
    }

    @Test
    void eachLaneIsTriedBeforeARequestFails() {
        for (int i = 0; i < Lanes.MOST * STREAMS; i++) {
            begin(1);
        }
        assertThat(underWay).hasSize(Lanes.MOST * STREAMS);
        assertThat(begin(1)).isCompletedExceptionally();
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> lanes.send(request(1), BodyHandlers.discarding()));
        endOldest();
        assertThat(begin(1)).isNotDone();
    }
}
