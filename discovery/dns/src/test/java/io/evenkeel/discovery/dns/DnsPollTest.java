package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What becomes of answers, and of none: all but the questions' way. */
class DnsPollTest {

    private final Map<Question, Reply> replies = new HashMap<>();
    private final Told told = new Told();
    private final List<Question> asked = new ArrayList<>();
    private final AtomicInteger askings = new AtomicInteger();
    private final ExecutorService threads = Defaults.threads();
    private DnsPoll poll = poll(new Wanted.Host("http", Records.name("orders."), 8080));

    private DnsPoll poll(Wanted wanted) {
        return new DnsPoll(
                wanted.lookup(),
                ignored -> {
                    askings.incrementAndGet();
                    return questions -> {
                        asked.addAll(questions);
                        Map<Question, Reply> some = new HashMap<>(replies);
                        some.keySet().retainAll(List.copyOf(questions));
                        return some;
                    };
                },
                threads,
                new DnsPoll.Pace(Duration.ofSeconds(1), Duration.ofSeconds(30)));
    }

    @AfterEach
    void close() {
        poll.close();
        assertThat(threads.isShutdown()).isTrue();
    }

    private void answers(String question, String... lines) {
        List<Record> records = Records.records(lines);
        long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(Long.MAX_VALUE);
        replies.put(Records.question(question), new Reply.Answer(records, ttl));
    }

    private void fails(String question) {
        replies.put(Records.question(question), new Reply.Failure(new IOException(question + ": fails")));
    }

    private Duration ask() throws Exception {
        return poll.ask(told);
    }

    private void assertTrouble(String message) {
        assertThatExceptionOfType(IOException.class).isThrownBy(this::ask).withMessage(message);
        assertThat(told.news()).isEmpty();
    }

    // A host

    @Test
    void addressesOfBothFamiliesAreOneList() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.", "orders. 5 AAAA 2001:db8::1");
        ask();
        assertThat(told.last())
                .containsExactly(
                        Endpoint.of("http://10.0.0.1:8080"), Endpoint.of("http://[2001:db8:0:0:0:0:0:1]:8080"));
    }

    @Test
    void withoutAPortTheSchemesIsMeant() throws Exception {
        poll = poll(new Wanted.Host("https", Records.name("orders."), 0));
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        ask();
        assertThat(told.last()).containsExactly(Endpoint.of("https://10.0.0.1"));
    }

    @Test
    void itAsksAgainWhenTheFirstRecordIsOutdatedWithinBounds() throws Exception {
        answers("A orders.", "orders. 7 A 10.0.0.1");
        answers("AAAA orders.", "orders. 5 AAAA 2001:db8::1");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(5));
        answers("A orders.", "orders. 0 A 10.0.0.1");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(1));
        answers("A orders.", "orders. 2147483647 A 10.0.0.1");
        answers("AAAA orders.");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theSameInAnotherOrderIsNoNews() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1", "orders. 5 A 10.0.0.2");
        answers("AAAA orders.");
        ask();
        answers("A orders.", "orders. 5 A 10.0.0.2", "orders. 5 A 10.0.0.1", "orders. 5 A 10.0.0.2");
        ask();
        assertThat(told.news()).containsExactly("list 10.0.0.1:8080 10.0.0.2:8080", "unchanged");
    }

    @Test
    void aFamilyWithoutAddressesIsInOrderAlsoIfItHadSome() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.", "orders. 5 AAAA 2001:db8::1");
        ask();
        told.news();
        answers("AAAA orders.");
        ask();
        assertThat(told.news()).containsExactly("list 10.0.0.1:8080");
    }

    @Test
    void ifNeitherFamilyHasAddressesThatIsTrouble() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        ask();
        told.news();
        answers("A orders.");
        assertTrouble("orders. has no addresses");
        answers("A orders.", "orders. 5 A 10.0.0.1");
        ask();
        assertThat(told.news()).containsExactly("unchanged");
    }

    @Test
    void ifBothFailNothingChanges() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        ask();
        told.news();
        fails("A orders.");
        fails("AAAA orders.");
        assertTrouble("A orders.: fails; AAAA orders.: fails");
    }

    @Test
    void theAddressesOfAFamilyThatFailsStayBesideTheOthers() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.", "orders. 5 AAAA 2001:db8::1");
        ask();
        told.news();
        fails("AAAA orders.");
        answers("A orders.", "orders. 5 A 10.0.0.2");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(5));
        ask();
        answers("AAAA orders.", "orders. 5 AAAA 2001:db8::1");
        ask();
        assertThat(told.news())
                .containsExactly(
                        "list 10.0.0.2:8080 [2001:db8:0:0:0:0:0:1]:8080",
                        "odd AAAA orders.: fails",
                        "unchanged",
                        "list 10.0.0.2:8080 [2001:db8:0:0:0:0:0:1]:8080");
    }

    @Test
    void whileAFamilyFailsEachChangeOfTheOtherIsAListThatIsOdd() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        fails("AAAA orders.");
        ask();
        answers("A orders.", "orders. 5 A 10.0.0.2");
        ask();
        assertThat(told.news())
                .containsExactly(
                        "list 10.0.0.1:8080",
                        "odd AAAA orders.: fails",
                        "list 10.0.0.2:8080",
                        "odd AAAA orders.: fails");
    }

    @Test
    void whatIsOddIsToldAgainAfterTrouble() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        fails("AAAA orders.");
        ask();
        told.news();
        fails("A orders.");
        assertTrouble("A orders.: fails; AAAA orders.: fails");
        answers("A orders.", "orders. 5 A 10.0.0.1");
        ask();
        assertThat(told.news()).containsExactly("list 10.0.0.1:8080", "odd AAAA orders.: fails");
    }

    @Test
    void oneFamilyIsAListWhileTheOtherWasNeverHad() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        fails("AAAA orders.");
        ask();
        assertThat(told.news()).containsExactly("list 10.0.0.1:8080", "odd AAAA orders.: fails");
    }

    @Test
    void halfAnAnswerIsNotUsedForLong() throws Exception {
        answers("A orders.", "orders. 20 A 10.0.0.1");
        fails("AAAA orders.");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(5));
        answers("AAAA orders.", "orders. 20 AAAA 2001:db8::1");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aFailureBesideAFamilyWithoutAddressesIsTroubleAndKeepsAll() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        ask();
        told.news();
        fails("A orders.");
        assertTrouble("A orders.: fails");
        fails("AAAA orders.");
        answers("A orders.");
        assertTrouble("AAAA orders.: fails");
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        ask();
        assertThat(told.news()).containsExactly("unchanged");
    }

    @Test
    void afterTroubleTheSettingsOfTheSystemAreReadAgain() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        ask();
        ask();
        assertThat(askings).hasValue(1);
        fails("A orders.");
        assertThatExceptionOfType(IOException.class).isThrownBy(this::ask);
        assertThatExceptionOfType(IOException.class).isThrownBy(this::ask);
        assertThat(askings).hasValue(2);
    }

    @Test
    void aListThatTheListenerRefusedIsPublishedAgain() throws Exception {
        answers("A orders.", "orders. 5 A 10.0.0.1");
        answers("AAAA orders.");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> poll.ask(new Listener() {
                    @Override
                    public void endpoints(List<Endpoint> all) {
                        throw new IllegalStateException("busy");
                    }

                    @Override
                    public void failed(Exception cause) {
                        throw new AssertionError(cause);
                    }
                }));
        ask();
        assertThat(told.news()).containsExactly("list 10.0.0.1:8080");
    }

    // A service

    private void service(String... lines) {
        poll = poll(new Wanted.Service("http", Records.name("_http._tcp.orders.")));
        services(lines);
        for (String host : List.of("a.", "b.", "c.")) {
            answers("A " + host, host + " 9 A 10.0.0." + (host.charAt(0) - 'a' + 1));
            answers("AAAA " + host);
        }
    }

    private void services(String... data) {
        List<String> lines = new ArrayList<>();
        for (String one : data) {
            lines.add("_http._tcp.orders. 6 SRV " + one);
        }
        answers("SRV _http._tcp.orders.", lines.toArray(String[]::new));
    }

    private static Endpoint endpoint(String address, int priority, double weight) {
        return Endpoint.of("http://" + address).withPriority(priority).withWeight(weight);
    }

    @Test
    void portAndWeightAreThoseOfTheRecord() throws Exception {
        service("0 3 8080 a.", "0 1 8081 b.");
        assertThat(ask()).isEqualTo(Duration.ofSeconds(6));
        assertThat(told.last()).containsExactly(endpoint("10.0.0.1:8080", 0, 3), endpoint("10.0.0.2:8081", 0, 1));
    }

    @Test
    void prioritiesBecomeRanks() throws Exception {
        service("65535 1 80 c.", "10 1 80 a.", "300 1 80 b.", "300 1 80 c.");
        ask();
        assertThat(told.last())
                .containsExactly(
                        endpoint("10.0.0.1:80", 0, 1),
                        endpoint("10.0.0.2:80", 1, 1),
                        endpoint("10.0.0.3:80", 1, 1),
                        endpoint("10.0.0.3:80", 2, 1));
    }

    @Test
    void moreThanAThousandPrioritiesEndInTheLastRank() throws Exception {
        poll = poll(new Wanted.Service("http", Records.name("_http._tcp.orders.")));
        List<String> data = new ArrayList<>();
        for (int i = 0; i < 1_003; i++) {
            data.add(i + " 1 " + (i + 1) + " a.");
        }
        services(data.toArray(String[]::new));
        answers("A a.", "a. 9 A 10.0.0.1");
        answers("AAAA a.");
        ask();
        assertThat(told.last())
                .hasSize(1_003)
                .filteredOn(one -> one.priority() == 1_000)
                .hasSize(3);
    }

    @Test
    void theWeightOfATargetIsDividedAmongItsAddresses() throws Exception {
        service("0 9 80 a.", "0 2 80 b.");
        answers("A a.", "a. 9 A 10.0.0.1", "a. 9 A 10.0.0.11");
        answers("AAAA a.", "a. 9 AAAA 2001:db8::1");
        ask();
        assertThat(told.last())
                .containsExactlyInAnyOrder(
                        endpoint("10.0.0.1:80", 0, 3),
                        endpoint("10.0.0.11:80", 0, 3),
                        endpoint("[2001:db8:0:0:0:0:0:1]:80", 0, 3),
                        endpoint("10.0.0.2:80", 0, 2));
    }

    @Test
    void weightZeroIsLittleBesideOthersOfItsPriorityAndOneIfAllHaveIt() throws Exception {
        service("0 0 80 a.", "0 5 80 b.", "1 0 80 c.");
        ask();
        assertThat(told.last())
                .containsExactly(
                        endpoint("10.0.0.1:80", 0, 0.1), endpoint("10.0.0.2:80", 0, 5), endpoint("10.0.0.3:80", 1, 1));
    }

    @Test
    void theAddressesOfATargetThatFailsStay() throws Exception {
        service("0 1 80 a.", "0 1 80 b.");
        ask();
        told.news();
        fails("A a.");
        fails("AAAA a.");
        answers("A b.", "b. 9 A 10.0.0.22");
        ask();
        answers("A a.");
        answers("AAAA a.");
        ask();
        assertThat(told.news())
                .containsExactly(
                        "list 10.0.0.1:80 10.0.0.22:80",
                        "odd A a.: fails; AAAA a.: fails",
                        "list 10.0.0.1:80 10.0.0.22:80",
                        "odd a. has no addresses");
    }

    @Test
    void aTargetThatIsNoLongerNamedIsForgotten() throws Exception {
        service("0 1 80 a.", "0 1 80 b.");
        ask();
        services("0 1 80 b.");
        ask();
        services("0 1 80 a.", "0 1 80 b.");
        fails("A a.");
        fails("AAAA a.");
        ask();
        assertThat(told.news())
                .containsExactly(
                        "list 10.0.0.1:80 10.0.0.2:80",
                        "list 10.0.0.2:80",
                        "list 10.0.0.2:80",
                        "odd A a.: fails; AAAA a.: fails");
    }

    @Test
    void ifTheServiceFailsNothingChangesAndNothingIsForgotten() throws Exception {
        service("0 1 80 a.");
        ask();
        told.news();
        fails("SRV _http._tcp.orders.");
        assertTrouble("SRV _http._tcp.orders.: fails");
        services();
        assertTrouble("_http._tcp.orders. has no SRV records");
        services("0 0 0 .");
        assertTrouble("_http._tcp.orders. is not to be had: its target is \".\"");
        services("0 1 80 a.");
        fails("A a.");
        ask();
        assertThat(told.news()).containsExactly("list 10.0.0.1:80", "odd A a.: fails");
    }

    @Test
    void aRecordWithoutAPortIsPassedOverAndReported() throws Exception {
        service("0 1 0 a.", "0 1 80 b.");
        ask();
        ask();
        assertThat(told.news())
                .containsExactly("list 10.0.0.2:80", "odd _http._tcp.orders. has port 0 at a.", "unchanged");
    }

    @Test
    void theOlderFamilyIsAskedForFirst() throws Exception {
        service("0 1 80 a.", "0 1 80 b.");
        ask();
        assertThat(asked).extracting(Question::type).containsExactly(Type.SRV, Type.A, Type.A, Type.AAAA, Type.AAAA);
    }

    @Test
    void ifNoTargetWasEverHadThatIsTrouble() {
        service("0 1 80 a.", "0 1 80 b.");
        answers("A a.");
        answers("A b.");
        assertTrouble("a. has no addresses; b. has no addresses");
    }

    @Test
    void ofManyTroublesAFewAreTold() {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            data.add("0 1 80 h" + (char) ('a' + i) + ".");
            fails("A h" + (char) ('a' + i) + ".");
            fails("AAAA h" + (char) ('a' + i) + ".");
        }
        service(data.toArray(String[]::new));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::ask)
                .withMessageContaining(": fails; ")
                .withMessageEndingWith("; and 35 more");
    }

    @Test
    void eachTargetIsSoonAmongTheFirstThatAreAskedFor() throws Exception {
        poll = poll(new Wanted.Service("http", Records.name("_http._tcp.orders.")));
        String[] targets = IntStream.range(0, 100)
                .mapToObj(i -> "_http._tcp.orders. 6 SRV 1 1 80 t" + i + ".")
                .toArray(String[]::new);
        answers("SRV _http._tcp.orders.", targets);
        for (int i = 0; i < 100; i++) {
            answers("A t" + i + ".", "t" + i + ". 6 A 10.0.0." + i);
            answers("AAAA t" + i + ".");
        }
        Set<Question> first = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            asked.clear();
            ask();
            first.addAll(asked.subList(1, 1 + 32));
        }
        assertThat(first).hasSize(100).extracting(Question::type).containsOnly(Type.A);
    }
}
