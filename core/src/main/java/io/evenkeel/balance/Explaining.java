package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Explanation;
import io.evenkeel.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Says in words why a call would go where it goes. */
final class Explaining {

    private final Engine engine;
    private final Policy policy;
    private final Snapshot snapshot;
    private final Call call;
    private final Set<Replica> chosenAmong;
    private final Optional<Replica> home;

    Explaining(Engine engine, Policy policy, Snapshot snapshot, Call call) {
        this.engine = engine;
        this.policy = policy;
        this.snapshot = snapshot;
        this.call = call;
        this.chosenAmong = snapshot.members(call);
        this.home = snapshot.placeOf(call);
    }

    Explanation of(List<Replica> replicas, List<EndpointStats> stats) {
        List<Explanation.Candidate> lines = new ArrayList<>();
        for (int i = 0; i < replicas.size(); i++) {
            lines.add(line(replicas.get(i), stats.get(i)));
        }
        return new Explanation(engine.name(), nameOfPolicy(), snapshot.panic(), lines);
    }

    /** The same lines, those of replicas that get fewer calls than others, or none, with the reason. */
    List<EndpointStats> noted(List<Replica> replicas, List<EndpointStats> stats) {
        List<EndpointStats> lines = new ArrayList<>();
        for (int i = 0; i < stats.size(); i++) {
            EndpointStats line = stats.get(i);
            lines.add(note(replicas.get(i), line)
                    .map(note -> withNote(line, note))
                    .orElse(line));
        }
        return lines;
    }

    static EndpointStats withNote(EndpointStats line, String note) {
        return new EndpointStats(
                line.endpoint(),
                line.state(),
                line.reason().isEmpty() ? note : line.reason() + ", " + note,
                line.weight(),
                line.inFlight(),
                line.successes(),
                line.failures(),
                line.overloaded(),
                line.ignored(),
                line.turnedAway());
    }

    private Optional<String> note(Replica replica, EndpointStats stats) {
        return stats.weight() > 0 && (stats.state() == EndpointState.UP || stats.state() == EndpointState.RAMPING)
                ? snapshot.note(replica, call, chosenAmong.contains(replica))
                : Optional.empty();
    }

    private Explanation.Candidate line(Replica replica, EndpointStats stats) {
        boolean eligible = chosenAmong.contains(replica);
        OptionalDouble score = eligible ? snapshot.score(replica, call) : OptionalDouble.empty();
        return new Explanation.Candidate(
                stats.endpoint(), eligible, stats.weight(), stats.inFlight(), score, reason(replica, stats));
    }

    private String reason(Replica replica, EndpointStats stats) {
        List<String> reasons = new ArrayList<>();
        if (stats.state() == EndpointState.UP) {
            reasons.add(stats.reason());
        } else {
            reasons.add(stats.reason().isEmpty() ? stats.state().toString() : stats.state() + ": " + stats.reason());
        }
        if (stats.state() == EndpointState.HALF_OPEN && snapshot.tries(replica)) {
            reasons.add("gets one trial call at a time");
        }
        note(replica, stats).ifPresent(reasons::add);
        if (call.tried(stats.endpoint())) {
            reasons.add("tried before");
        }
        if (home.filter(replica::equals).isPresent()) {
            reasons.add("the key's place");
        }
        if (call.endpoint().filter(replica.id()::equals).isPresent()) {
            reasons.add(call.isOnlyThere() ? "the only one for this call" : "asked for by the call");
        }
        reasons.removeIf(String::isEmpty);
        return String.join(", ", reasons);
    }

    private String nameOfPolicy() {
        if (call.key().isPresent()) {
            return Policy.consistentHash().name();
        }
        try {
            return policy.name();
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return policy.getClass().getName();
        }
    }
}
