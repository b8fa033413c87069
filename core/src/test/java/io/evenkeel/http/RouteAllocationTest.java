package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.evenkeel.Call;
import io.evenkeel.balance.LoadBalancer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Finding the way of a request makes no objects. */
class RouteAllocationTest {

    private static final int CALLS = 20_000;

    private final LoadBalancer orders =
            LoadBalancer.builder("orders").endpoints("http://127.0.0.1:1").build();
    private final HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://orders/v2/items/7?a=b")).build();

    /** So that the compiler cannot spare the work. */
    @SuppressWarnings("UnusedVariable")
    private Object held;

    private Services services(Route... routes) {
        return new Services(Map.of(orders, List.of(routes)), new Lifecycle(Transports.given(new Wrapping(null))));
    }

    private void find(Services services) {
        for (int i = 0; i < CALLS; i++) {
            Service service = services.of(request);
            Way way = service.wayOf(request);
            Optional<?> path = way.retry().isEmpty() ? way.timeout() : way.hedge();
            held = path.isEmpty() ? way.path(request.uri()) : path;
            held = way.destination(Call.any()).of(Call.any());
        }
    }

    private void assertNoObjects(Services services) {
        find(services); // until everything is loaded
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            find(services);
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        // The reading itself costs some hundred bytes.
        assertThat((double) least).isCloseTo(0, within(10_000.0));
    }

    @Test
    void withoutRoutes() {
        assertNoObjects(services());
    }

    @Test
    void byPathAndMethod() {
        assertNoObjects(services(
                Route.path("/v1/**").toTag("version", "1"),
                Route.path("/v2/*/parts"),
                Route.path("/**/*.json"),
                Route.path("/v2/items/**").and(Route.method("PUT", "POST")),
                Route.path("/v2/items/*").and(Route.method("GET")).withRetry(io.evenkeel.Retry.none())));
    }

    @Test
    void wherePathsAreMatchedAndNoneIsFor() {
        assertNoObjects(services(Route.path("/v2/items"), Route.path("/v2/items/*/**/parts"), Route.host("other")));
    }
}
