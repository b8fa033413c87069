package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadReportTest {

    private static final LoadReport BOTH = new LoadReport(3, 12.5);
    private static final LoadReport CALLS = new LoadReport(3, Double.NaN);

    private static LoadReport own(String value) {
        return LoadReport.in(headers(Map.of("X-Evenkeel-Load", List.of(value))));
    }

    private static LoadReport orca(String value) {
        return LoadReport.in(headers(Map.of("Endpoint-Load-Metrics", List.of(value))));
    }

    private static HttpHeaders headers(Map<String, List<String>> lines) {
        return HttpHeaders.of(lines, (name, value) -> true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rif=3, latency=12.5",
                "latency=12.5,rif=3",
                " rif = 3.0 ,\tlatency: 1.25e+1 ",
                "rif:3,latency:12.5",
                ",rif=3,,latency=12.5,",
                "rif=3, latency=12.5, utilisation=0.7",
            })
    void ourHeaderIsAListOfPairs(String value) {
        assertThat(own(value)).isEqualTo(BOTH);
    }

    @Test
    void theLatencyIsNotRequired() {
        assertThat(own("rif=3")).isEqualTo(CALLS);
        assertThat(orca("TEXT named_metrics.rif=3")).isEqualTo(CALLS);
        assertThat(orca("JSON {\"named_metrics\": {\"rif\": 3}}")).isEqualTo(CALLS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TEXT named_metrics.rif=3, named_metrics.latency=12.5",
                "TEXT cpu_utilization=0.3, mem_utilization=0.8, named_metrics.rif=3, eps=1, named_metrics.latency=12.5",
                "TEXT cpu_utilization:0.7,named_metrics.latency:12.5,named_metrics.rif:3,rps_fractional:1000",
                "text named_metrics.rif=3,named_metrics.latency=12.5",
                "cpu_utilization=0.3, named_metrics.rif=3, named_metrics.latency=12.5",
                "JSON {\"cpu_utilization\": 0.3, \"named_metrics\": {\"rif\": 3, \"latency\": 12.5}}",
                "JSON {\"namedMetrics\":{\"latency\":125e-1,\"queue\":\"NaN\",\"rif\":3.0},\"cpuUtilization\":0.3}",
                "JSON { \"named_metrics\" : { \"rif\" : 3 , \"a\\\"\\u00e9\" : -0.5E-2 , \"latency\" : 12.5 } }",
                "JSON {\"x\":[{},[],[1,[true,false,null]],{\"named_metrics\":{\"rif\":9}}],"
                        + "\"named_metrics\":{\"rif\":3,\"latency\":12.5}}",
            })
    void orcasHeaderIsReadAsTextAndAsJson(String value) {
        assertThat(orca(value)).isEqualTo(BOTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BIN CZqZmZmZmbk/MQAAAAAAAABAQg4KA2ZvbxEAAAAAAADAXg==",
                "TEXT cpu_utilization=0.3, mem_utilization=0.8, rps_fractional=10.0, eps=1",
                "TEXT rif=3",
                "TEXT named_metrics.latency=12.5",
                "",
                "JSON {}",
                "JSON {\"cpu_utilization\": 0.3}",
                "JSON {\"rif\": 3, \"utilization\": {\"rif\": 3}}",
                "JSON {\"named_metrics\": {\"kv_cache_usage_perc\": 0.42}}",
            })
    void anOrcaReportOfOtherThingsSaysNothing(String value) {
        assertThat(orca(value)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "busy",
                "rif",
                "rif=",
                "rif=many",
                "rif=NaN",
                "rif=Infinity",
                "rif=0x1p3",
                "rif=3f",
                "rif=1.",
                "rif=.5",
                "rif=03",
                "rif=1e",
                "rif=--1",
                "rif=3 latency=12.5",
                "rif=3; latency=12.5",
                "=3",
                "rif=3, rif=3",
                "rif=3, latency=1, latency=2",
                "latency=12.5",
                "RIF=3",
                "named_metrics.rif=3",
            })
    void whatIsNoListOfPairsWithCallsInFlightIsMalformed(String value) {
        assertThat(own(value)).isEqualTo(LoadReport.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TEXT named_metrics.rif=",
                "TEXT named_metrics.rif=3, cpu_utilization=\"0.7\"",
                "TEXT named_metrics.rif=3, named_metrics.rif=4",
                "TEXT",
                "BAD random-value",
                "JSON{}",
                "JSON",
                "JSON ",
                "JSON 3",
                "JSON []",
                "JSON {",
                "JSON {}}",
                "JSON {,}",
                "JSON {\"a\"}",
                "JSON {\"a\":}",
                "JSON {\"a\":1,}",
                "JSON {a:1}",
                "JSON {\"a\":01}",
                "JSON {\"a\":+1}",
                "JSON {\"a\":[1,]}",
                "JSON {\"a\":[1}",
                "JSON {\"a\":tru}",
                "JSON {\"a\":\"\\x\"}",
                "JSON {\"a\":\"\\u12g4\"}",
                "JSON {\"a\":\"\\u\u0661\u0661\u0661\u0661\"}",
                "JSON {\"a\":\"\t\"}",
                "JSON {\"a",
                "JSON {\"a\\",
                "JSON {\"named_metrics\": 3}",
                "JSON {\"named_metrics\": {\"rif\": \"3\"}}",
                "JSON {\"named_metrics\": {\"rif\": null}}",
                "JSON {\"named_metrics\": {\"rif\": 3}, \"namedMetrics\": {\"rif\": 3}}",
            })
    void whatOrcaWouldNotWriteIsMalformed(String value) {
        assertThat(orca(value)).isEqualTo(LoadReport.MALFORMED);
    }

    @Test
    void whatIsTooLongOrTooDeepIsMalformed() {
        String rif = "JSON {\"named_metrics\":{\"rif\":3}";
        assertThat(orca(rif + ",\"a\":" + "[".repeat(15) + "]".repeat(15) + "}"))
                .isEqualTo(CALLS);
        assertThat(orca(rif + ",\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"))
                .isEqualTo(LoadReport.MALFORMED);
        assertThat(own("rif=3" + ",".repeat(4_091))).isEqualTo(CALLS);
        assertThat(own("rif=3" + ",".repeat(4_092))).isEqualTo(LoadReport.MALFORMED);
    }

    @Test
    void numbersThatNoReplicaMeansAreReadAsTheyAreAndLeftToTheLease() {
        assertThat(own("rif=-1")).isEqualTo(new LoadReport(-1, Double.NaN));
        assertThat(own("rif=1e999")).isEqualTo(new LoadReport(Double.POSITIVE_INFINITY, Double.NaN));
    }

    @Test
    void ourHeaderComesBeforeOrcasAndTheFirstLineBeforeOthers() {
        assertThat(LoadReport.in(headers(Map.of(
                        "x-evenkeel-load", List.of("rif=3", "rif=9"),
                        "endpoint-load-metrics", List.of("TEXT named_metrics.rif=7")))))
                .isEqualTo(CALLS);
    }

    @Test
    void latenciesAreInMilliseconds() {
        assertThat(BOTH.latencyNanos()).isEqualTo(12_500_000);
        assertThat(CALLS.latencyNanos()).isNaN();
        assertThat(new LoadReport(0, 0).latencyNanos()).isPositive();
    }

    @Test
    void headersWithoutAReportCostNoAllocation() {
        HttpHeaders headers = headers(Map.of("content-type", List.of("text/plain"), "server", List.of("some")));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 20_000; i++) {
                assertNone(headers);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(least).isLessThan(10_000); // the reading itself costs some hundred bytes
    }

    private static void assertNone(HttpHeaders headers) {
        if (LoadReport.in(headers) != null) {
            throw new AssertionError("a report");
        }
    }
}
