package io.evenkeel.http;

import java.net.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica says, with an answer, of how busy it is; NaN is what cannot be read. Its header is {@code x-evenkeel-load:
 * rif=3, latency=12.5}, or ORCA's {@code endpoint-load-metrics} with both among its named metrics (gRFC A51; text as Envoy
 * and vLLM write it, and JSON). The former comes first, and of several lines the first counts.
 *
 * @param inFlight calls in flight there, of all clients, without the one that is answered
 * @param latencyMillis the latency that one more call has to expect there; NaN if it did not say
 */
record LoadReport(double inFlight, double latencyMillis) {

    static final LoadReport MALFORMED = new LoadReport(Double.NaN, Double.NaN);

    private static final String OWN = "x-evenkeel-load";
    private static final String ORCA = "endpoint-load-metrics";
    private static final double NANOS = 1e6;

    /** What the headers say; null if they do not speak of calls in flight. */
    static @Nullable LoadReport in(HttpHeaders headers) {
        List<String> own = headers.allValues(OWN);
        if (!own.isEmpty()) {
            return LoadText.own(own.get(0));
        }
        List<String> orca = headers.allValues(ORCA);
        return orca.isEmpty() ? null : LoadText.orca(orca.get(0));
    }

    /** Above 0: who rounds to nothing is quick. */
    double latencyNanos() {
        return latencyMillis == 0 ? 1 : latencyMillis * NANOS;
    }
}
