package io.evenkeel.benchmarks.sim;

import io.evenkeel.Endpoint;
import io.evenkeel.benchmarks.sim.Script.Change;
import io.evenkeel.benchmarks.sim.Script.Condition;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A replica's process, following its script.
 *
 * <p>It comes along at a rate, the same for each call it works on: its speed, or with processor sharing its speed shared
 * among them. A call is done when the origin has come as far as it had when the call began, and the call's work further. So
 * one entry on the agenda, for the call that is done first, is enough, and a change of speed moves them all.
 */
final class Origin implements Event {

    private final int number;
    private final Endpoint endpoint;
    private final Script script;
    private final Timeline time;
    private final Queue<Visit> queue = new ArrayDeque<>();
    private final Running running = new Running();
    private @Nullable Gauge gauge;
    private Condition condition;
    private double come;
    private long comeAtNanos;
    private double rate;
    /** Of the entry on the agenda that counts: for which end, and which of all that were made. */
    private double plannedEnd = Double.NaN;

    private int plan;

    Origin(int number, Script script, Timeline time, RandomGenerator random) {
        this.number = number;
        Endpoint endpoint = Endpoint.of("http://10.0." + (number >> 8) + "." + (number & 255) + ":8080")
                .withWeight(script.weight());
        this.endpoint = script.zone().isEmpty() ? endpoint : endpoint.withZone(script.zone());
        this.script = script;
        this.time = time;
        this.condition = script.start();
        script.courses().forEach(course -> follow(course.changes(random).iterator()));
    }

    private void follow(Iterator<Change> changes) {
        if (changes.hasNext()) {
            Change next = changes.next();
            time.after(
                    Math.max(0, next.atNanos() - time.now()),
                    nothing -> {
                        become(next.condition());
                        follow(changes);
                    },
                    0);
        }
    }

    int number() {
        return number;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Condition condition() {
        return condition;
    }

    Script script() {
        return script;
    }

    int slots() {
        return script.slots();
    }

    /** Calls being worked on, or waiting. */
    int load() {
        return running.size() + queue.size();
    }

    /** From now on it gauges its load, and reports it with its answers. */
    void gauge(double aloneNanos) {
        gauge = new Gauge(aloneNanos);
    }

    Gauge gauge() {
        return Objects.requireNonNull(gauge, "nobody asked for it");
    }

    private void become(Condition next) {
        condition = next;
        plan();
    }

    void arrive(Visit visit) {
        if (condition.failsAfterMicros().isPresent()) {
            time.after(condition.failsAfterMicros().getAsInt() * 1_000L, visit, Visit.FAILED);
            return;
        }
        if (gauge != null) {
            visit.arrived(load(), time.now());
        }
        if (script.shared() || running.size() < script.slots()) {
            begin(visit);
            plan();
        } else {
            queue.add(visit);
        }
    }

    private void begin(Visit visit) {
        comeAlong();
        running.add(come + visit.workNanos() * condition.stretch(), visit);
    }

    /** A call is done. What its client does next may lead back here, and comes last. */
    @Override
    public void happen(int planned) {
        if (planned != plan) {
            return;
        }
        comeAlong();
        plannedEnd = Double.NaN;
        Visit done = running.removeFirst();
        Visit next = nextInQueue();
        if (next != null) {
            begin(next);
        }
        plan();
        if (gauge != null) {
            gauge.took(done.othersThere(), time.now() - done.arrivedNanos());
            done.report(load(), gauge.mean(load()));
        }
        done.served();
    }

    private @Nullable Visit nextInQueue() {
        Visit next = queue.poll();
        while (next != null && script.drops() && next.isOver() && next.cancels()) {
            next = queue.poll();
        }
        return next;
    }

    private void comeAlong() {
        come += (time.now() - comeAtNanos) * rate;
        comeAtNanos = time.now();
    }

    /** Sees to it that the call that is done first ends in time. */
    private void plan() {
        double next = rate();
        double end = running.size() == 0 ? Double.NaN : running.firstEnd();
        if (next == rate && end == plannedEnd) {
            return;
        }
        comeAlong();
        rate = next;
        plan++;
        plannedEnd = end;
        if (running.size() > 0 && rate > 0) {
            time.after((long) Math.ceil(Math.max(0, end - come) / rate), this, plan);
        }
    }

    private double rate() {
        double speed = condition.speed();
        return script.shared() && running.size() > script.slots() ? speed * script.slots() / running.size() : speed;
    }
}
