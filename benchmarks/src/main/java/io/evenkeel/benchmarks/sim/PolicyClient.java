package io.evenkeel.benchmarks.sim;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A client that has a policy and no health. */
final class PolicyClient implements Client {

    private static final double MOST_SAVED = 10;
    private static final long BACKOFF_NANOS = 50_000_000;

    private final World world;
    private final Policy policy;
    private final int number;
    private final Habits habits;
    private final RandomGenerator random;
    private final Map<Origin, BareCandidate> known = new HashMap<>();
    private List<BareCandidate> candidates = List.of();
    private Selector selector = (call, now, random) -> -1;
    private boolean needsTime;
    private double repeatsSaved = MOST_SAVED;
    private final @Nullable Quantile usual;
    private double hedgesSaved;
    private final @Nullable Classes classes;

    /**
     * What a client does beside choosing.
     *
     * @param reports what it is told by answers
     * @param replicas how many replicas it uses, the same ones for as long as they are there
     * @param hedges none if null
     * @param heavyNanos calls of at least so much work are a class of their own; 0 if it knows of no classes
     */
    record Habits(
            @Nullable Reports reports,
            int replicas,
            Repeats repeats,
            @Nullable Hedges hedges,
            long heavyNanos) {
        static final Habits NONE = new Habits(null, Integer.MAX_VALUE, Repeats.NONE, null, 0);
    }

    PolicyClient(World world, Policy policy, Habits habits, int number) {
        this.world = world;
        this.policy = policy;
        this.number = number;
        this.habits = habits;
        this.random = world.streams().of(Streams.Purpose.CLIENT, number);
        this.usual =
                habits.hedges() == null ? null : new Quantile(habits.hedges().percentile());
        this.classes = habits.heavyNanos() == 0 ? null : new Classes(habits.heavyNanos());
        world.watch(this::list);
    }

    private void list(List<Origin> origins) {
        List<Origin> mine = origins.size() <= habits.replicas() ? origins : subset(origins);
        Optional<Selector> before = candidates.isEmpty() ? Optional.empty() : Optional.of(selector);
        known.keySet().retainAll(mine);
        candidates = mine.stream()
                .map(origin ->
                        known.computeIfAbsent(origin, its -> new BareCandidate(its, policy.newState(its.endpoint()))))
                .toList();
        selector = policy.selector(List.copyOf(candidates), before, world.time().now(), random);
        needsTime = selector.needsTime();
    }

    /** By rendezvous hashing. */
    private List<Origin> subset(List<Origin> origins) {
        return origins.stream()
                .sorted(Comparator.comparingLong(origin -> Streams.mix(Streams.mix(number) + origin.number())))
                .limit(habits.replicas())
                .toList();
    }

    @Override
    public void call(Errand errand) {
        repeatsSaved = Math.min(MOST_SAVED, repeatsSaved + habits.repeats().budget());
        if (habits.hedges() != null) {
            hedgesSaved = Math.min(MOST_SAVED, hedgesSaved + habits.hedges().share());
        }
        attempt(errand, Call.any(), 1);
    }

    private void attempt(Errand errand, Call call, int attempt) {
        int index = select(call);
        Sent sent =
                new Sent(errand, candidates.get(index < 0 ? random.nextInt(candidates.size()) : index), call, attempt);
        if (usual != null && usual.total() >= Hedges.LEAST_ANSWERS) {
            world.time().after(usual.nanos(), nothing -> hedge(sent), 0);
        }
        sent.begin();
    }

    private int select(Call call) {
        return selector.select(call, needsTime ? world.time().now() : 0, random);
    }

    private void hedge(Sent first) {
        if (first.isOver() || hedgesSaved < 1) {
            return;
        }
        Call call = first.call.withTried(first.chosen.endpoint());
        int index = select(call);
        if (index >= 0) {
            hedgesSaved--;
            Sent second = new Sent(first.errand(), candidates.get(index), call, first.attempt);
            first.other = second;
            second.other = first;
            second.begin();
        }
    }

    private boolean mayRepeat(int attempt) {
        if (attempt >= habits.repeats().attempts() || repeatsSaved < 1) {
            return false;
        }
        repeatsSaved--;
        return true;
    }

    private void tell(Sent answer, Reports reports) {
        selector.reported(
                answer.chosen,
                answer.reportedCalls(),
                reports.latency() ? answer.reportedLatencyNanos() : Double.NaN,
                world.time().now());
    }

    private final class Sent extends Visit {

        private final BareCandidate chosen;
        private final Call call;
        private final int attempt;
        /** The same attempt at another replica. */
        private @Nullable Sent other;

        Sent(Errand errand, BareCandidate chosen, Call call, int attempt) {
            super(world.network(), errand, chosen.origin());
            this.chosen = chosen;
            this.call = call;
            this.attempt = attempt;
        }

        void begin() {
            long now = world.time().now();
            chosen.begin(now);
            selector.started(chosen, now);
            go();
        }

        @Override
        boolean cancels() {
            return habits.repeats().cancels();
        }

        @Override
        void ended(Outcome outcome) {
            tell(outcome);
            if (outcome == Outcome.SUCCESS) {
                answered();
            } else if (other == null || other.isOver()) {
                failed();
            }
        }

        private void tell(Outcome outcome) {
            long now = world.time().now();
            long took = latencyNanos();
            long told = classes == null ? took : classes.told(workNanos(), took);
            chosen.end();
            selector.answered(chosen, outcome, told, now - took + told); // so that it began when it did
        }

        private void answered() {
            if (habits.reports() != null) {
                report(habits.reports());
            }
            if (classes != null) {
                classes.answered(workNanos(), latencyNanos());
            }
            if (usual != null) {
                usual.add(other == null ? latencyNanos() : Math.max(latencyNanos(), other.latencyNanos()));
            }
            if (other != null && !other.isOver()) {
                other.abandon();
                other.tell(Outcome.IGNORED);
            }
            errand().ended(true, world.time().now());
        }

        private void failed() {
            if (!mayRepeat(attempt)) {
                errand().ended(false, world.time().now());
                return;
            }
            long pause = (long) (random.nextDouble() * (BACKOFF_NANOS << (attempt - 1)));
            Call next = call.withTried(chosen.endpoint());
            world.time().after(pause, nothing -> attempt(errand(), next, attempt + 1), 0);
        }

        private void report(Reports reports) {
            if (reports.delayNanos() == 0) {
                PolicyClient.this.tell(this, reports);
            } else {
                world.time().after(reports.delayNanos(), nothing -> PolicyClient.this.tell(this, reports), 0);
            }
        }
    }
}
