package io.evenkeel.examples;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Twenty seconds in the life of a service: three replicas, each a process of its own, answer a steady load that a
 * {@link BalancedHttpClient} balances, while one is killed, one hangs for a while, and one is added. Ends with 0 if the
 * caller saw no error, else with 1; all processes that it started are gone by then.
 *
 * <p>An argument makes the second shorter, for the impatient: {@code PT0.3S}. Another, {@code dns}, or the property {@code demo.registry} of this value, lists the replicas in
 * the zone of a name server instead of a file: of Knot DNS, which must be installed.
 */
public final class Quickstart {

    private static final int SECONDS = 20;

    private final Duration second;
    private final Fleet fleet = new Fleet();
    private final Registry registry;
    private final Table table = new Table(System.out);

    private Quickstart(Duration second, Registry registry) {
        this.second = second;
        this.registry = registry;
    }

    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        boolean dns =
                words.contains("dns") || System.getProperty("demo.registry", "").equals("dns");
        Duration second = words.stream()
                .filter(word -> word.startsWith("PT"))
                .map(Duration::parse)
                .findFirst()
                .orElse(Duration.ofSeconds(1));
        Quickstart quickstart = new Quickstart(second, dns ? DnsZone.start() : new EndpointFile());
        Runtime.getRuntime().addShutdownHook(new Thread(quickstart::cleanUp, "clean up"));
        System.exit(quickstart.run() ? 0 : 1);
    }

    /** However it ends; after Ctrl-C, for one, while {@link #run} still runs. */
    private void cleanUp() {
        table.close();
        fleet.close();
        registry.close();
    }

    private boolean run() throws IOException, InterruptedException {
        startThreeReplicas();
        introduce();
        try (LoadBalancer orders = balancer();
                BalancedHttpClient client = BalancedHttpClient.of(orders)) {
            orders.awaitReady(Duration.ofSeconds(5));
            Load load = new Load(client);
            load.warmUp(second.multipliedBy(2));
            table.row(0, load.take(), orders.stats());
            load.start();
            watch(load, orders);
            load.stop();
            table.summary(load.take(), orders.stats());
            table.text("While one replica was killed, one hung and one was added, the caller saw "
                    + (table.errors() == 0 ? "no error." : table.errors() + " errors."));
        }
        return table.isRead() && table.errors() == 0;
    }

    private void introduce() {
        table.text("Three replicas, each a process of its own, get " + Load.PER_SECOND + " GETs per second through the"
                + " drop-in client.");
        table.text("A call may take " + Load.TIMEOUT.toSeconds()
                + " s in all; nothing else is set, so that one which hangs is repeated after half of that.");
        table.text("Shares are of the calls answered. Second 0 is a warm-up.");
        table.head();
    }

    private LoadBalancer balancer() {
        return LoadBalancer.builder("orders")
                .source(registry.source())
                .observer(new Reporter(table))
                .build();
    }

    private void watch(Load load, LoadBalancer orders) throws IOException {
        for (int now = 1; now <= SECONDS && table.isRead(); now++) {
            long endNanos = System.nanoTime() + second.toNanos();
            happen(now);
            sleepUntil(endNanos);
            table.row(now, load.take(), orders.stats());
        }
    }

    /** What happens at the beginning of a second. */
    private void happen(int now) throws IOException {
        switch (now) {
            case 5 -> kill(fleet.replica(2));
            case 9 -> stop(fleet.replica(3));
            case 13 -> resume(fleet.replica(3));
            case 15 -> startOneMore();
            case 16 -> register();
            default -> {}
        }
    }

    private void startThreeReplicas() throws IOException {
        for (int i = 0; i < 3; i++) {
            fleet.start();
        }
        registry.write(fleet.all());
    }

    private void kill(ReplicaProcess replica) {
        replica.kill();
        table.event("quickstart", "SIGKILL to " + replica.id() + ", process " + replica.pid());
    }

    private void stop(ReplicaProcess replica) throws IOException {
        replica.stop();
        table.event("quickstart", "SIGSTOP to " + replica.id() + ", process " + replica.pid() + ", which hangs");
    }

    private void resume(ReplicaProcess replica) throws IOException {
        replica.resume();
        table.event("quickstart", "SIGCONT to " + replica.id() + ", which goes on");
    }

    private void startOneMore() throws IOException {
        ReplicaProcess fresh = fleet.start();
        table.event("quickstart", "starts " + fresh.id() + ", process " + fresh.pid());
    }

    private void register() throws IOException {
        registry.write(fleet.all());
        table.event(
                "quickstart",
                "rewrites " + registry.inWords() + ", with " + fleet.all().size() + " replicas");
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
