package io.evenkeel.benchmarks.sim;

import io.evenkeel.benchmarks.sim.Streams.Purpose;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** One run: makes calls as a scenario wants them, until all that are measured have ended. */
final class Arrivals implements Event {

    private static final int CALL = 0;
    private static final int LOSE_PATIENCE = 1;

    private final Scenario scenario;
    private final Timeline time;
    private final Tally tally;
    private final Client[] clients;
    private final RandomGenerator arrivals;
    private final RandomGenerator callers;
    private final RandomGenerator works;
    private final double meanGapNanos;
    private long made;

    Arrivals(World world, Variant variant, Tally tally, Scenario scenario) {
        this.scenario = scenario;
        this.time = world.time();
        this.tally = tally;
        this.clients = new Client[scenario.clients()];
        this.arrivals = world.streams().of(Purpose.ARRIVALS, 0);
        this.callers = world.streams().of(Purpose.CALLERS, 0);
        this.works = world.streams().of(Purpose.WORK, 0);
        this.meanGapNanos = scenario.meanGapNanos();
        IntFunction<Client> made = variant.clients(world);
        Arrays.setAll(clients, made);
    }

    /** How many calls it made. */
    long run() {
        next();
        time.run();
        return made;
    }

    @Override
    public void happen(int what) {
        if (what == LOSE_PATIENCE) {
            time.stop();
            return;
        }
        next();
        call();
        if (made == scenario.calls()) {
            time.after(scenario.patienceNanos(), this, LOSE_PATIENCE);
        }
        if (made >= scenario.calls() && tally.allEnded()) {
            time.stop();
        }
    }

    private void next() {
        time.after(gapNanos(), this, CALL);
    }

    private long gapNanos() {
        return Math.round(scenario.gaps().next(arrivals) * meanGapNanos / scenario.rushAt(time.now()));
    }

    private void call() {
        boolean measured = made >= scenario.unmeasured() && made < scenario.calls();
        made++;
        if (measured) {
            tally.begin(time.now());
        }
        int caller = callers.nextInt(clients.length);
        clients[caller].call(new Errand(
                tally,
                caller,
                scenario.zoneOf(caller),
                time.now(),
                scenario.work().drawNanos(works),
                measured));
    }
}
