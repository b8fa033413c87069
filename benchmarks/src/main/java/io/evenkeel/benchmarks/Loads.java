package io.evenkeel.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Keeps so many calls in flight for a while, each on a virtual thread that calls again when it was answered, and counts what
 * was answered in the window.
 */
final class Loads {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Histogram latencies = new ConcurrentHistogram(60_000_000_000L, 3);
    private final AtomicInteger answeredInAll = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean counting;
    private volatile boolean over;

    private Loads() {}

    /**
     * Runs a load.
     *
     * @param requests each thread takes one of them, and keeps to it
     */
    static Result run(HttpClient client, List<HttpRequest> requests, int inFlight, long warmUpMillis, long millis)
            throws InterruptedException {
        return new Loads().measure(client, requests, inFlight, warmUpMillis, millis);
    }

    private Result measure(HttpClient client, List<HttpRequest> requests, int inFlight, long warmUpMillis, long millis)
            throws InterruptedException {
        double cpu;
        double bytes;
        double nanos;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < inFlight; caller++) {
                HttpRequest request = requests.get(caller % requests.size());
                callers.execute(() -> callUntilOver(client, request));
            }
            Thread.sleep(warmUpMillis);
            cpu = SYSTEM.getProcessCpuTime();
            bytes = THREADS.getTotalThreadAllocatedBytes();
            nanos = System.nanoTime();
            counting = true;
            Thread.sleep(millis);
            counting = false;
            nanos = System.nanoTime() - nanos;
            bytes = THREADS.getTotalThreadAllocatedBytes() - bytes;
            cpu = SYSTEM.getProcessCpuTime() - cpu;
            over = true; // and closing waits for the last answers
        }
        long answered = latencies.getTotalCount();
        return new Result(
                answered / nanos * 1e9,
                cpu / 1e3 / answered,
                bytes / answered,
                latencies.getMean() / 1e3,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                answeredInAll.get(),
                failures.get());
    }

    private void callUntilOver(HttpClient client, HttpRequest request) {
        while (!over) {
            long start = System.nanoTime();
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    failures.incrementAndGet();
                } else {
                    answeredInAll.incrementAndGet();
                    if (counting) {
                        latencies.recordValue(System.nanoTime() - start);
                    }
                }
            } catch (Exception e) {
                failures.incrementAndGet();
            }
        }
    }

    /**
     * What a load showed.
     *
     * @param rate answers a second
     * @param cpu of this process, microseconds an answer
     * @param bytes allocated, an answer
     * @param mean latency in microseconds, as are the percentiles
     * @param answeredInAll before and after the window, too
     */
    record Result(
            double rate,
            double cpu,
            double bytes,
            double mean,
            double p50,
            double p99,
            int answeredInAll,
            int failures) {

        /** By name, for {@link Rounds}. */
        Map<String, Double> figures() {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("rate", rate);
            figures.put("cpu", cpu);
            figures.put("bytes", bytes);
            figures.put("mean", mean);
            figures.put("p50", p50);
            figures.put("p99", p99);
            figures.put("failures", (double) failures);
            return figures;
        }
    }
}
