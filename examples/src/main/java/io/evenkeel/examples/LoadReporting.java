package io.evenkeel.examples;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Says with every answer of the JDK's {@link com.sun.net.httpserver.HttpServer} how busy the replica is, in the header {@code
 * x-evenkeel-load}: the requests in flight besides the one that is answered, and the latency in milliseconds that one more has
 * to expect. Made to be copied: add one to the filters of every context that clients balance over; contexts that share one are
 * counted together. A request is in flight until its handler returns, and takes until its response headers are sent.
 */
public final class LoadReporting extends Filter {

    private final LongSupplier nanoClock;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LatencyAtLoad latencies = new LatencyAtLoad();

    public LoadReporting() {
        this(System::nanoTime);
    }

    LoadReporting(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        int others = inFlight.getAndIncrement();
        long arrivedNanos = nanoClock.getAsLong();
        try {
            chain.doFilter(new ReportingExchange(exchange, headers -> report(others, arrivedNanos, headers)));
        } finally {
            inFlight.decrementAndGet();
        }
    }

    private void report(int othersAtArrival, long arrivedNanos, Headers headers) {
        latencies.add(othersAtArrival, nanoClock.getAsLong() - arrivedNanos);
        int others = inFlight.get() - 1;
        headers.set("x-evenkeel-load", "rif=" + others + ", latency=" + latencies.nanosAt(others) / 1e6);
    }

    @Override
    public String description() {
        return "reports its load";
    }
}
