package io.evenkeel.benchmarks.sim;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import java.util.List;
import java.util.random.RandomGenerator;

/** Policies that look into the origins: what clients could do that knew everything, or knew it late. */
final class Knowing {

    private Knowing() {}

    /** Where a call would be served soonest: fewest calls for the speed. Of equals a random one. The practical optimum. */
    static Policy shortestQueue(World world) {
        return (candidates, previous, nowNanos, chance) -> {
            Origin[] origins = origins(world, candidates);
            return (call, now, random) -> least(origins, random);
        };
    }

    /** The better of two distinct ones drawn; of equals the one drawn first. */
    static Policy twoChoices(World world) {
        return (candidates, previous, nowNanos, chance) -> {
            Origin[] origins = origins(world, candidates);
            return (call, now, random) -> {
                int first = random.nextInt(origins.length);
                int second = (first + 1 + random.nextInt(origins.length - 1)) % origins.length;
                return origins[second].load() < origins[first].load() ? second : first;
            };
        };
    }

    private static int least(Origin[] origins, RandomGenerator random) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        int equals = 0;
        for (int i = 0; i < origins.length; i++) {
            double delay = delay(origins[i]);
            if (delay < least) {
                best = i;
                least = delay;
                equals = 1;
            } else if (delay == least && random.nextInt(++equals) == 0) {
                best = i;
            }
        }
        return best;
    }

    /** How long a call would take there, in works; counting slots that are free as no delay beyond its own. */
    private static double delay(Origin origin) {
        if (origin.condition().failsAfterMicros().isPresent()) {
            return Double.MAX_VALUE;
        }
        double pace = origin.condition().speed() / origin.condition().stretch();
        return Math.max(1, (origin.load() + 1.0) / origin.slots()) / pace;
    }

    private static Origin[] origins(World world, List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> world.at(candidate.endpoint()))
                .toArray(Origin[]::new);
    }
}
