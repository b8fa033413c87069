package io.evenkeel.discovery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Observer;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.discovery.contract.Registry.Fault;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every source does, with its real registry: lists and changes arrive, trouble is told and harms no call, and closing leaves nothing
 * behind. A fault lasts at least as long as the system property {@code evenkeel.fault.seconds} says, default 2, and until the source was heard to speak
 * of it: 30 s more at most. How many calls were made during each, and when it was heard, is printed at the end, as a row of a table.
 *
 * <p>Most of it is waiting: where each test has a registry of its own, a class runs its tests side by side ({@code @Execution(CONCURRENT)}).
 */
@SuppressWarnings("try") // a watch is there to be closed
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
public abstract class SourceContract {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int REPLICAS = 4;
    private static final int MOST_MIB = 32;
    /** Ten times what is promised: what fails is another order of magnitude, and not a busy machine. */
    private static final Duration MANY_WITHIN = Duration.ofSeconds(10);
    /** More than it takes by as much. */
    private static final Duration A_CHANGE_WITHIN = Duration.ofSeconds(5);
    /** How much longer a fault may last than it has to, until it is heard of. */
    private static final Duration UNTIL_HEARD = Duration.ofSeconds(30);

    /** What can go wrong, in the order of the table. */
    private static final List<String> FAULTS =
            List.of("killed", "stopped", "empty", "half", "flaps", "garbage", "huge", "slow", "denied");

    /** Calls made, and of those failed, and when it was heard of, by fault: of one class, since classes of a JVM run one after the other. */
    private static final Map<String, String> CALLS = new ConcurrentHashMap<>();

    /** How names of threads begin that come and stay as the JVM, or JUnit, likes. */
    private static final List<String> OF_THE_JVM = List.of(
            "ForkJoinPool",
            "CompletableFutureDelayScheduler",
            "VirtualThread-",
            "MasterPoller",
            "Read-Poller",
            "Write-Poller",
            "process reaper",
            "Common-Cleaner",
            "junit-",
            "surefire-");

    /** Who looks at the whole of this JVM, or at the time, holds it for writing. */
    private static final ReentrantReadWriteLock JVM = new ReentrantReadWriteLock(true);

    private Registry registry;
    private Service service;

    /** A running registry without any entries. */
    protected abstract Registry registry() throws Exception;

    /** Longest time from a change to the list that has it, seen by one who looks now and then. */
    protected Duration changesArriveWithin() {
        return SOON;
    }

    /** How long a source may not look, by its own choice or the registry's: until it asks again, or what it has been told expires. */
    protected Duration looksEvery() {
        return Duration.ZERO;
    }

    /** Whether this registry can hold a list without any entry. */
    protected boolean holdsEmptyLists() {
        return true;
    }

    /** How many endpoints it can be asked to hold at once: 10,000 unless it has reasons. */
    protected int many() {
        return 10_000;
    }

    /** A test that others beside it would disturb. */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Alone {}

    private static Lock lock(TestInfo test) {
        return test.getTestMethod().orElseThrow().isAnnotationPresent(Alone.class) ? JVM.writeLock() : JVM.readLock();
    }

    @BeforeEach
    final void start(TestInfo test) throws Exception {
        lock(test).lock();
        registry = registry();
        service = Service.of(REPLICAS);
    }

    @AfterEach
    final void end(TestInfo test) throws Exception {
        try {
            if (registry != null) {
                registry.close();
            }
            if (service != null) {
                service.close();
            }
        } finally {
            lock(test).unlock();
        }
    }

    @AfterAll
    static void printCalls(TestInfo test) {
        String cells = FAULTS.stream()
                .map(fault -> CALLS.getOrDefault(fault, "-"))
                .collect(Collectors.joining(" | ", " | ", " |"));
        System.out.println("| " + test.getTestClass().orElseThrow().getSimpleName() + cells);
        CALLS.clear();
    }

    private static Duration faultLasts() {
        return Duration.ofSeconds(Integer.getInteger("evenkeel.fault.seconds", 2));
    }

    private static void lastFor(Duration time) throws InterruptedException {
        Thread.sleep(Math.max(0, time.toMillis()));
    }

    private static Set<String> uris(List<Endpoint> endpoints) {
        return endpoints.stream().map(endpoint -> endpoint.uri().toString()).collect(Collectors.toSet());
    }

    // Lists

    @Test
    void theListAndEachChangeOfItArrive() throws Exception {
        registry.publish(service.endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = registry.source().watch(heard)) {
            heard.awaitUris(uris(service.endpoints(0, 2)), SOON);
            registry.publish(service.endpoints(0, 4));
            heard.awaitUris(uris(service.endpoints(0, 4)), changesArriveWithin());
            registry.publish(service.endpoints(1, 3));
            heard.awaitUris(uris(service.endpoints(1, 3)), changesArriveWithin());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void watchReturnsAtOnceWhileTheRegistryIsDownAndTheListComesOnceItIsUp() throws Exception {
        registry.publish(service.endpoints(0, 2));
        registry.kill();
        Heard heard = new Heard();
        EndpointSource source = registry.source();
        long began = System.nanoTime();
        try (Watch watch = source.watch(heard)) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            heard.awaitTrouble(0, SOON);
            assertThat(heard.lists()).isEmpty();
            registry.start();
            registry.publish(service.endpoints(0, 2));
            heard.awaitUris(uris(service.endpoints(0, 2)), SOON);
        }
    }

    @Test
    void aRestartOfTheRegistryIsNoticedAndNeverAnEmptyList() throws Exception {
        registry.publish(service.endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = registry.source().watch(heard)) {
            heard.awaitUris(uris(service.endpoints(0, 2)), SOON);
            registry.kill();
            heard.awaitTrouble(0, SOON);
            registry.start();
            registry.publish(service.endpoints(0, 3));
            heard.awaitUris(uris(service.endpoints(0, 3)), SOON);
        }
        assertThat(heard.lists()).doesNotContain(List.of());
    }

    @Test
    @Alone
    void manyEndpointsArriveWhole() throws Exception {
        List<Endpoint> many = new ArrayList<>();
        for (int i = 0; i < many(); i++) {
            many.add(Endpoint.of("http://10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ":8080"));
        }
        registry.publish(many);
        Heard heard = new Heard();
        long began = System.nanoTime();
        try (Watch watch = registry.source().watch(heard)) {
            List<Endpoint> list = heard.awaitSize(many(), SOON);
            measured("first list of " + many(), System.nanoTime() - began, MANY_WITHIN);
            assertThat(uris(list)).isEqualTo(uris(many));
        }
        assertThat(mebibytesToHandle(many())).isLessThan(MOST_MIB);
    }

    /** A few times, since a look may miss the moment, and one after the other. */
    private long mebibytesToHandle(int many) throws Exception {
        Set<Thread> before = threads();
        try (Heap heap = Heap.watched()) {
            for (int i = 0; i < 3; i++) {
                Heard heard = new Heard();
                try (Watch watch = registry.source().watch(heard)) {
                    heard.awaitSize(many, SOON);
                }
                awaitEndOfOurs(before);
            }
            long mebibytes = heap.more() >> 20;
            System.out.printf(
                    Locale.ROOT, "%s: memory for %d: %d MiB%n", getClass().getSimpleName(), many, mebibytes);
            return mebibytes;
        }
    }

    // What is left behind, and told

    @Test
    @Alone
    void closingEndsThreadsAndConnections() throws Exception {
        registry.publish(service.endpoints(0, 2));
        EndpointSource source = registry.source();
        Set<Thread> before = threadsAfterAWatch(source);
        Heard heard = new Heard();
        Watch watch = source.watch(heard);
        heard.awaitSize(2, SOON);
        watch.close();
        watch.close();
        awaitEnd(before);
        int lists = heard.lists().size();
        registry.publish(service.endpoints(0, 3));
        lastFor(Duration.ofMillis(200));
        assertThat(heard.lists()).hasSize(lists);
    }

    @Test
    @Alone
    void closingAtOnceEndsThreadsAndConnections() throws Exception {
        registry.publish(service.endpoints(0, 2));
        EndpointSource source = registry.source();
        Set<Thread> before = threadsAfterAWatch(source);
        for (int i = 0; i < 5; i++) {
            source.watch(new Heard()).close();
            Watch begun = source.watch(new Heard());
            lastFor(Duration.ofMillis(10L * i)); // it may be anywhere
            begun.close();
        }
        awaitEnd(before);
    }

    /** What is made once, and shared by all watches, is there from then on. */
    private Set<Thread> threadsAfterAWatch(EndpointSource source) throws Exception {
        Set<Thread> before = threads();
        Heard heard = new Heard();
        try (Watch watch = source.watch(heard)) {
            heard.awaitSize(2, SOON);
        }
        awaitEndOfOurs(before);
        return threads();
    }

    private static void awaitEndOfOurs(Set<Thread> before) throws Exception {
        Waiting.until(
                "threads of the watch end",
                SOON,
                () -> threads().stream().noneMatch(thread -> !before.contains(thread) && isOurs(thread)));
    }

    private void awaitEnd(Set<Thread> before) throws Exception {
        Waiting.until("threads end", Duration.ofSeconds(10), () -> {
            List<String> left = added(before);
            if (!left.isEmpty()) {
                throw new IllegalStateException(left + " are left");
            }
            return true;
        });
        int port = registry.port().orElse(0);
        if (port != 0) {
            Waiting.until("connections to the registry end", Duration.ofSeconds(10), () -> connectionsTo(port) == 0);
        }
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static boolean isOurs(Thread thread) {
        return thread.getName().startsWith("evenkeel");
    }

    private static List<String> added(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> OF_THE_JVM.stream().noneMatch(name::startsWith))
                .toList();
    }

    /** Of this process, by the kernel's tables. */
    private static long connectionsTo(int port) throws Exception {
        String end = String.format(Locale.ROOT, ":%04X 01", port);
        Set<String> sockets = new HashSet<>();
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                try {
                    sockets.add(Files.readSymbolicLink(file).toString());
                } catch (java.io.IOException e) {
                    // it was closed meanwhile
                }
            }
        }
        long connections = 0;
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9
                        && (fields[2] + " " + fields[3]).endsWith(end)
                        && sockets.contains("socket:[" + fields[9] + "]")) {
                    connections++;
                }
            }
        }
        return connections;
    }

    @Test
    void noMessageAndNoLineOfALogShowsCredentials() throws Exception {
        assumeTrue(registry.secret().isPresent() && registry.faults().contains(Fault.DENIED), "has no credentials");
        String secret = registry.secret().get();
        registry.publish(service.endpoints(0, 2));
        EndpointSource source = registry.source();
        Heard heard = new Heard();
        try (Log log = Log.listen()) {
            try (Watch watch = source.watch(heard)) {
                heard.awaitSize(2, SOON);
            }
            registry.harm(Fault.DENIED);
            try (Watch watch = source.watch(heard);
                    LoadBalancer balancer =
                            LoadBalancer.builder("discreet").source(source).build()) {
                for (Throwable each = heard.awaitTrouble(0, SOON); each != null; each = each.getCause()) {
                    assertThat(each.toString()).doesNotContain(secret);
                }
                Waiting.until(
                        "a line of the log tells of it",
                        SOON,
                        () -> log.all().contains("discreet: the source reports trouble"));
                assertThat(source.toString()).doesNotContain(secret);
            }
            assertThat(log.all()).doesNotContain(secret);
        }
        assertThat(heard.lists()).hasSize(1);
    }

    // What a balancer makes of it

    @Test
    void changesTroubleAndItsEndAreEventsAndTheListIsYoungAgain() throws Exception {
        registry.publish(service.endpoints(0, 2));
        Events events = new Events();
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .source(registry.source())
                .observer(events)
                .build()) {
            orders.awaitReady(SOON);
            registry.kill();
            Waiting.until("trouble is told", SOON, () -> events.count("sourceFailed") > 0);
            assertThat(orders.stats().sourceError()).isPresent();
            assertThat(orders.stats().endpoints()).hasSize(2);
            registry.start();
            registry.publish(service.endpoints(0, 3));
            Waiting.until("its end is told", SOON, () -> events.count("sourceRecovered") > 0);
            Waiting.until("the change is told", SOON, () -> events.count("endpointsChanged") > 1);
            Waiting.until(
                    "nothing is wrong", SOON, () -> orders.stats().sourceError().isEmpty());
            assertThat(orders.stats().listAge())
                    .hasValueSatisfying(age -> assertThat(age).isLessThan(SOON));
        }
    }

    @Test
    void aBalancerIsBuiltAtOnceWhileTheRegistryIsDownAndSaysInTimeWhyItIsNotReady() throws Exception {
        registry.publish(service.endpoints(0, 2));
        registry.kill();
        EndpointSource source = registry.source();
        LoadBalancer.builder("users").endpoints("http://a").build().close(); // the classes are there
        long began = System.nanoTime();
        try (LoadBalancer orders = LoadBalancer.builder("orders").source(source).build()) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            Waiting.until(
                    "trouble is told", SOON, () -> orders.stats().sourceError().isPresent());
            long asked = System.nanoTime();
            assertThatExceptionOfType(NoEndpointException.class)
                    .isThrownBy(() -> orders.awaitReady(Duration.ofMillis(100)))
                    .withMessageContaining("; source: ");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
            assertThat(orders.stats().listAge()).isEmpty();
        } finally {
            registry.start(); // others may need it
        }
    }

    /** Counts what an observer is told. */
    private static final class Events implements Observer {

        private final Map<String, Integer> counts = new ConcurrentHashMap<>();

        int count(String name) {
            return counts.getOrDefault(name, 0);
        }

        @Override
        public void endpointsChanged(EndpointsChanged event) {
            counts.merge("endpointsChanged", 1, Integer::sum);
        }

        @Override
        public void sourceFailed(SourceFailed event) {
            counts.merge("sourceFailed", 1, Integer::sum);
        }

        @Override
        public void sourceRecovered(SourceRecovered event) {
            counts.merge("sourceRecovered", 1, Integer::sum);
        }
    }

    // Under load

    @Test
    void noCallFailsWhileTheRegistryIsKilledAndStartsAgain() throws Exception {
        underLoad("killed", registry::source, heard -> {
            int before = heard.troubles().size();
            registry.kill();
            Optional<Duration> after = last(most -> heard.awaitTrouble(before, most));
            registry.start();
            registry.publish(service.endpoints());
            return after;
        });
    }

    @ParameterizedTest
    @EnumSource
    void noCallFailsUnderAFaultOfTheRegistry(Fault fault) throws Exception {
        assumeTrue(registry.faults().contains(fault), "this registry knows no such fault");
        underLoad(fault.name().toLowerCase(Locale.ROOT), registry::impatientSource, heard -> {
            int before = heard.troubles().size() + registry.troublesOfHarm(fault);
            registry.harm(fault);
            Optional<Duration> after =
                    registry.unheard().contains(fault) ? lastUnheard() : last(most -> heard.awaitTrouble(before, most));
            registry.mend();
            return after;
        });
    }

    @Test
    void noCallFailsWhileTheListIsEmpty() throws Exception {
        assumeTrue(holdsEmptyLists(), "this registry holds no empty list");
        underLoad("empty", registry::source, heard -> {
            int before = heard.troubles().size();
            registry.publish(List.of());
            Optional<Duration> after = last(most -> heard.awaitEmptyOrTrouble(before, most));
            registry.publish(service.endpoints());
            return after;
        });
    }

    @Test
    void noCallFailsAsHalfOfTheReplicasIsRemovedAtOnce() throws Exception {
        underLoad("half", registry::source, heard -> {
            List<Endpoint> half = service.endpoints(0, REPLICAS / 2);
            registry.publish(half);
            Optional<Duration> after = last(most -> heard.awaitUris(uris(half), most));
            registry.publish(service.endpoints());
            return after;
        });
    }

    /** Who asks now and then may miss some of it, but not all. */
    @Test
    void noCallFailsWhileTheListFlaps() throws Exception {
        underLoad("flaps", registry::source, heard -> {
            long least = faultLasts().toSeconds();
            long most = least + UNTIL_HEARD.toSeconds();
            Optional<Duration> after = Optional.empty();
            for (int i = 0; i < least || (i < most && after.isEmpty()); i++) {
                registry.publish(service.endpoints(0, i % 2 == 0 ? 1 : REPLICAS));
                lastFor(Duration.ofSeconds(1));
                if (after.isEmpty() && heard.hasHeard(1)) {
                    after = Optional.of(Duration.ofSeconds(i + 1));
                }
            }
            assertThat(after).as("a list of 1 was heard within %d s", most).isPresent();
            registry.publish(service.endpoints());
            return after;
        });
    }

    /** What happens while calls are made; returns after how long it was heard of, if it was. */
    @FunctionalInterface
    private interface Trouble {
        Optional<Duration> happen(Heard heard) throws Exception;
    }

    /** Waits until a source was heard to speak of a fault. */
    @FunctionalInterface
    private interface Sign {
        void await(Duration most) throws InterruptedException;
    }

    /** Lets a fault last as long as it has to, and until it was heard of; returns how long that took. */
    private static Optional<Duration> last(Sign sign) throws InterruptedException {
        long began = System.nanoTime();
        sign.await(faultLasts().plus(UNTIL_HEARD));
        Duration after = Duration.ofNanos(System.nanoTime() - began);
        lastFor(faultLasts().minus(after));
        return Optional.of(after);
    }

    private static Optional<Duration> lastUnheard() throws InterruptedException {
        lastFor(faultLasts());
        return Optional.empty();
    }

    private void underLoad(String fault, Callable<EndpointSource> sources, Trouble trouble) throws Exception {
        registry.publish(service.endpoints());
        EndpointSource source = sources.call(); // which may know a port by what was published
        Heard heard = new Heard();
        try (Traffic traffic = Traffic.over(source);
                Watch watch = source.watch(heard)) {
            heard.awaitSize(REPLICAS, SOON);
            registry.settle();
            Optional<Duration> after = trouble.happen(heard);
            registry.publish(service.endpoints(0, REPLICAS - 1));
            heard.awaitUris(uris(service.endpoints(0, REPLICAS - 1)), SOON); // it has got over it
            traffic.stop();
            CALLS.put(
                    fault,
                    String.format(
                            Locale.ROOT,
                            "%,d / %d, %s",
                            traffic.calls(),
                            traffic.failures().size(),
                            after.map(SourceContract::heardAfter).orElse("unheard")));
            assertThat(traffic.failures()).as("of %d calls", traffic.calls()).isEmpty();
            assertThat(traffic.calls()).isGreaterThan(50);
        }
    }

    private static String heardAfter(Duration time) {
        return String.format(Locale.ROOT, "heard after %.1f s", time.toMillis() / 1e3);
    }

    // How long it takes

    @Test
    @Alone
    void changesReachCalls() throws Exception {
        registry.publish(service.endpoints(0, 3));
        try (Traffic traffic = Traffic.over(registry.source())) {
            Waiting.until(
                    "each replica has calls",
                    SOON,
                    () -> service.requests(0) > 0 && service.requests(1) > 0 && service.requests(2) > 0);
            service.forget();
            long added = System.nanoTime();
            registry.publish(service.endpoints(0, 4));
            Waiting.until("the new replica has calls", SOON, () -> service.firstNanos(3) != 0);
            Duration within = looksEvery().plus(A_CHANGE_WITHIN);
            measured("to the first call on a new replica", service.firstNanos(3) - added, within);
            long removed = System.nanoTime();
            registry.publish(service.endpoints(0, 3));
            Waiting.until(
                    "the removed replica has no more calls",
                    SOON,
                    () -> System.nanoTime() - Math.max(removed, service.lastNanos(3)) > 1_000_000_000L
                            && traffic.balancer().stats().endpoints().size() == 3);
            measured("to the last call on a removed replica", Math.max(0, service.lastNanos(3) - removed), within);
            traffic.stop();
            assertThat(traffic.failures()).isEmpty();
        }
    }

    private void measured(String what, long nanos, Duration most) {
        System.out.printf(Locale.ROOT, "%s: %s: %.0f ms%n", getClass().getSimpleName(), what, nanos / 1e6);
        assertThat(Duration.ofNanos(nanos)).as(what).isLessThan(most);
    }

    /** For subclasses: what is published, heard, or wrong with a source is for them to test as well. */
    protected final Service service() {
        return service;
    }

    /** The registry of this test. */
    protected final Registry theRegistry() {
        return registry;
    }

    /** Waits that are long enough on a busy machine. */
    protected static Duration soon() {
        return SOON;
    }

    /** Something that may be missing on this machine: a failure in CI, a printed skip elsewhere. */
    protected static void needs(boolean there, String what) {
        if (!there && Optional.ofNullable(System.getenv("CI")).orElse("").equals("true")) {
            throw new AssertionError(what + " is missing");
        }
        if (!there) {
            System.out.println("Skipped: " + what + " is missing");
        }
        assumeTrue(there, what + " is missing");
    }
}
