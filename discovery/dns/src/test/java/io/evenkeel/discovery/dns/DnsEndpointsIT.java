package io.evenkeel.discovery.dns;

import static io.evenkeel.discovery.dns.ScriptedServer.code;
import static io.evenkeel.discovery.dns.ScriptedServer.first;
import static io.evenkeel.discovery.dns.ScriptedServer.garbage;
import static io.evenkeel.discovery.dns.ScriptedServer.half;
import static io.evenkeel.discovery.dns.ScriptedServer.records;
import static io.evenkeel.discovery.dns.ScriptedServer.silence;
import static io.evenkeel.discovery.dns.ScriptedServer.slow;
import static io.evenkeel.discovery.dns.ScriptedServer.withoutExtensions;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Waiting;
import io.evenkeel.discovery.dns.ScriptedServer.Act;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Rcode;

/** With sockets, and a server that behaves as badly as a test wants. */
@SuppressWarnings("try") // a watch is there to be closed
@Timeout(60)
class DnsEndpointsIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String A = "A orders.example.";
    private static final String AAAA = "AAAA orders.example.";
    private static final String ONE = "orders.example. 0 A 10.0.0.1";
    private static final String TWO = "orders.example. 0 A 10.0.0.2";
    private static final Set<String> URI_ONE = Set.of("http://10.0.0.1:8080");
    private static final Set<String> URI_TWO = Set.of("http://10.0.0.2:8080");

    private final Heard heard = new Heard();
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedServer.start();
        server.on(A, ONE);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** Asks every 100 ms, and waits for 400 ms. */
    private DnsEndpoints source() {
        return DnsEndpoints.of("http://orders.example:8080")
                .withNameServers(server.address())
                .withSearchDomains()
                .withTtl(Duration.ofMillis(100), Duration.ofSeconds(30))
                .withTimeout(Duration.ofMillis(400));
    }

    private void awaitQuestions(String question, long most) throws InterruptedException {
        Waiting.until(most + " times " + question, SOON, () -> server.count(question, false) >= most);
    }

    // What comes by the network

    @Test
    void bothFamiliesAndAnAlias() throws Exception {
        server.on(A, "orders.example. 0 CNAME a.example.", "a.example. 0 A 10.0.0.1");
        server.on(AAAA, "orders.example. 0 CNAME a.example.");
        server.on("AAAA a.example.", "a.example. 0 AAAA 2001:db8::1");
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(Set.of("http://10.0.0.1:8080", "http://[2001:db8:0:0:0:0:0:1]:8080"), SOON);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void theTargetsOfAService() throws Exception {
        server.on(
                "SRV _http._tcp.orders.example.",
                "_http._tcp.orders.example. 0 SRV 10 3 8080 a.example.",
                "_http._tcp.orders.example. 0 SRV 20 5 8081 b.example.");
        server.on("A a.example.", "a.example. 0 A 10.0.0.1");
        server.on("AAAA b.example.", "b.example. 0 AAAA 2001:db8::1");
        DnsEndpoints source =
                DnsEndpoints.srv("http", "_http._tcp.orders.example").withNameServers(server.address());
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitSize(2, SOON))
                    .containsExactly(
                            Endpoint.of("http://10.0.0.1:8080").withWeight(3),
                            Endpoint.of("http://[2001:db8:0:0:0:0:0:1]:8081")
                                    .withWeight(5)
                                    .withPriority(1));
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aSearchDomainCompletesTheName() throws Exception {
        server.on("A orders.", code(Rcode.NXDOMAIN));
        server.on("AAAA orders.", code(Rcode.NXDOMAIN));
        DnsEndpoints source = DnsEndpoints.of("http://orders:8080")
                .withNameServers(server.address())
                .withSearchDomains("example");
        try (Watch watch = source.watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
        }
    }

    @Test
    void anAnswerTooLongForADatagramComesByTcp() throws Exception {
        String[] many = IntStream.range(0, 3_000)
                .mapToObj(i -> "orders.example. 0 A 10.0." + (i >> 8) + "." + (i & 255))
                .toArray(String[]::new);
        server.on(A, many);
        try (Watch watch = source().watch(heard)) {
            heard.awaitSize(3_000, SOON);
        }
        assertThat(heard.troubles()).isEmpty();
        assertThat(server.count(A, true)).isPositive();
        assertThat(server.count(AAAA, true)).isZero();
    }

    @Test
    void aServerThatKnowsNoExtensionsIsAskedWithoutThem() throws Exception {
        server.on(A, withoutExtensions(records(ONE)));
        server.on(AAAA, withoutExtensions(records()));
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
            heard.awaitLife(SOON);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anAnswerTooLongForTcpIsTrouble() throws Exception {
        String[] tooMany = IntStream.range(0, 5_000)
                .mapToObj(i -> "orders.example. 0 A 10.0." + (i >> 8) + "." + (i & 255))
                .toArray(String[]::new);
        server.on(A, tooMany);
        try (Watch watch = source().watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessage(A + ": " + server.address() + " has an answer too long for DNS");
        }
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void aLostDatagramIsMadeUpForWithoutTrouble() throws Exception {
        server.on(A, first(1, silence(), records(ONE)));
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
        }
        assertThat(heard.troubles()).isEmpty();
        assertThat(server.count(A, false)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void datagramsOfOthersArePassedOver() throws Exception {
        server.on(A, (query, tcp) -> {
            byte[] bytes = records(TWO).answer(query, tcp);
            bytes[0]++;
            return bytes;
        });
        try (Watch watch = source().watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessage(A + ": " + server.address() + " does not answer within PT0.4S");
        }
        assertThat(heard.lists()).isEmpty();
    }

    // Trouble

    static List<Act> troubles() {
        return List.of(
                code(Rcode.SERVFAIL),
                code(Rcode.NXDOMAIN),
                code(Rcode.REFUSED),
                code(Rcode.NOERROR),
                silence(),
                garbage(),
                half(records(ONE, TWO)),
                slow(Duration.ofSeconds(1), records(TWO)));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void troubleKeepsTheListUntilItIsOver(Act trouble) throws Exception {
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
            server.on(A, trouble);
            heard.awaitTrouble(0, SOON);
            server.on(A, TWO);
            heard.awaitUris(URI_TWO, SOON);
        }
        assertThat(heard.lists()).hasSize(2);
    }

    @Test
    void aConnectionThatBreaksOffIsTrouble() throws Exception {
        server.on(A, (query, tcp) -> {
            byte[] bytes = records(ONE).answer(query, tcp);
            bytes[2] |= 2; // cut
            if (tcp) {
                throw new IllegalStateException("breaks off");
            }
            return bytes;
        });
        try (Watch watch = source().watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageStartingWith(A + ": " + server.address());
        }
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void whileOneFamilyFailsTheOtherIsStillAskedInTime() throws Exception {
        server.on(AAAA, "orders.example. 0 AAAA 2001:db8::1");
        try (Watch watch = source().watch(heard)) {
            heard.awaitSize(2, SOON);
            server.on(AAAA, code(Rcode.SERVFAIL));
            assertThat(heard.awaitTrouble(0, SOON)).hasMessage(AAAA + ": " + server.address() + " answers SERVFAIL");
            server.on(A, TWO);
            heard.awaitUris(
                    Set.of("http://10.0.0.2:8080", "http://[2001:db8:0:0:0:0:0:1]:8080"), Duration.ofSeconds(2));
            server.on(AAAA, records());
            heard.awaitUris(URI_TWO, SOON);
        }
    }

    @Test
    void aFamilyThatIsNeverAnsweredDoesNotHoldBackTheOther() throws Exception {
        server.on(AAAA, silence());
        try (Watch watch = source().withTimeout(Duration.ofMinutes(1)).watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
            assertThat(heard.awaitTrouble(0, SOON)).hasMessage("AAAA orders.example: is not answered in time");
            server.on(A, TWO);
            heard.awaitUris(URI_TWO, SOON);
        }
    }

    @Test
    void aFamilyThatIsNeverAnsweredDoesNotHoldBackManyTargets() throws Exception {
        int count = 100;
        String service = "_http._tcp.orders.example.";
        server.on(
                "SRV " + service,
                IntStream.range(0, count)
                        .mapToObj(i -> service + " 0 SRV 0 1 80 t" + i + ".example.")
                        .toArray(String[]::new));
        for (int i = 0; i < count; i++) {
            server.on("A t" + i + ".example.", "t" + i + ".example. 0 A 10.0.0." + i);
            server.on("AAAA t" + i + ".example.", silence());
        }
        DnsEndpoints source = DnsEndpoints.srv("http", service)
                .withNameServers(server.address())
                .withTimeout(Duration.ofMinutes(1));
        try (Watch watch = source.watch(heard)) {
            heard.awaitSize(count, SOON);
        }
    }

    @Test
    void aDeadServerIsReplacedByTheNextWithoutTrouble() throws Exception {
        ScriptedServer dead = ScriptedServer.start();
        dead.close();
        try (Watch watch =
                source().withNameServers(dead.address(), server.address()).watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
            heard.awaitLife(SOON);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aServerThatSaysNothingIsReplacedByTheNextAndAskedNoMore() throws Exception {
        try (ScriptedServer silent = ScriptedServer.start()) {
            silent.on(A, silence());
            silent.on(AAAA, silence());
            try (Watch watch =
                    source().withNameServers(silent.address(), server.address()).watch(heard)) {
                heard.awaitUris(URI_ONE, SOON);
                awaitQuestions(A, 5);
            }
            assertThat(silent.count(A, false)).isEqualTo(2);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aServerThatDiesLaterIsReplacedByTheNext() throws Exception {
        try (ScriptedServer other = ScriptedServer.start()) {
            other.on(A, TWO);
            try (Watch watch =
                    source().withNameServers(server.address(), other.address()).watch(heard)) {
                heard.awaitUris(URI_ONE, SOON);
                server.close();
                heard.awaitUris(URI_TWO, SOON);
            }
        }
        assertThat(heard.troubles()).isEmpty();
    }

    // When it asks

    /** Milliseconds between the first question and the second. */
    private long pause(DnsEndpoints source) throws InterruptedException {
        try (Watch watch = source.watch(heard)) {
            awaitQuestions(A, 2);
        }
        List<Long> times = server.asked().stream()
                .filter(asked -> asked.question().equals(A))
                .map(ScriptedServer.Asked::nanos)
                .toList();
        return (times.get(1) - times.get(0)) / 1_000_000;
    }

    @Test
    void itAsksAgainWhenTheRecordsAreOutdated() throws Exception {
        server.on(A, "orders.example. 2 A 10.0.0.1");
        assertThat(pause(source())).isBetween(1_790L, 4_000L);
    }

    @Test
    void itAsksNoSooner() throws Exception {
        assertThat(pause(source().withTtl(Duration.ofSeconds(1), Duration.ofSeconds(30))))
                .isBetween(890L, 3_000L);
    }

    @Test
    void itAsksNoLater() throws Exception {
        server.on(A, "orders.example. 3600 A 10.0.0.1");
        assertThat(pause(source().withTtl(Duration.ofMillis(10), Duration.ofMillis(500))))
                .isBetween(440L, 3_000L);
    }

    @Test
    void aRefreshAsksAtOnceButNotMoreThanOnceASecond() throws Exception {
        server.on(A, "orders.example. 3600 A 10.0.0.1");
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(URI_ONE, SOON);
            server.on(A, "orders.example. 3600 A 10.0.0.2");
            for (int i = 0; i < 20; i++) {
                watch.refresh();
            }
            heard.awaitUris(URI_TWO, SOON);
            assertThat(server.count(A, false)).isEqualTo(2);
            Thread.sleep(1_200);
            assertThat(server.count(A, false)).isEqualTo(2);
            server.on(A, "orders.example. 3600 A 10.0.0.1");
            long began = System.nanoTime();
            watch.refresh();
            heard.awaitUris(URI_ONE, SOON);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(500));
        }
        List<Long> times = server.asked().stream()
                .filter(asked -> asked.question().equals(A))
                .map(ScriptedServer.Asked::nanos)
                .toList();
        assertThat(times.get(1) - times.get(0)).isGreaterThan(900_000_000L);
    }

    @Test
    void aClosedWatchAsksNoMoreAlsoInTheMiddleOfAQuestion() throws Exception {
        server.on(A, silence());
        Watch watch = source().withTimeout(Duration.ofMinutes(1)).watch(heard);
        awaitQuestions(A, 1);
        long began = System.nanoTime();
        watch.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(500));
        Waiting.until(
                "the thread ends",
                SOON,
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("evenkeel-dns-http://orders.example:8080")));
        assertThat(heard.troubles()).isEmpty();
        assertThat(heard.lists()).isEmpty();
    }
}
