package io.evenkeel.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who of each priority may be chosen, and how many of the calls each priority gets. Pure.
 *
 * <p>Envoy's rule: a priority is available to the extent that 1.4 times the weight of its usable replicas covers the weight of
 * those in service; the first takes as many calls as it is available, the next what is left, and so on. If all together are
 * not available in full, each gets a part of what there is, and those of which fewer than half are usable panic.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">Envoy,
 *     Priority levels</a>
 */
final class Tiers {

    private static final double OVERPROVISIONING = 1.4;
    /** A rounded sum may miss 1 by this. */
    private static final double NEARLY = 1 - 1e-9;

    private Tiers() {}

    /**
     * One priority.
     *
     * @param priority as listed
     * @param inService those in service
     * @param candidates those who may be chosen: the usable ones, or in panic more
     * @param share its share of the calls, 0 to 1; one that gets none is there for calls that have tried all others
     * @param panic whether replicas are candidates that are not usable
     */
    record Tier(int priority, List<Replica> inService, List<Replica> candidates, double share, boolean panic) {}

    /** The priorities of which there are candidates, first come first; none if nobody is in service. */
    static List<Tier> of(List<Replica> inService) {
        List<List<Replica>> byPriority = byPriority(inService);
        double[] shares = shares(byPriority, Replica::isUsable);
        boolean nobody = sum(shares) == 0;
        if (nobody) {
            shares = shares(byPriority, replica -> !replica.standing.isUnreachable());
        }
        if (sum(shares) == 0 && shares.length > 0) {
            shares[0] = 1;
        }
        double available = sum(shares);
        boolean mayPanic = nobody || available < NEARLY || shares.length == 1;
        List<Tier> tiers = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            Tier tier = tier(byPriority.get(i), shares[i] / available, mayPanic);
            if (!tier.candidates.isEmpty()) {
                tiers.add(tier);
            }
        }
        return tiers;
    }

    private static List<List<Replica>> byPriority(List<Replica> inService) {
        TreeMap<Integer, List<Replica>> groups = new TreeMap<>();
        List<Replica> group = List.of();
        int last = -1; // no priority: most lists have but one, and need one look-up
        for (Replica replica : inService) {
            int priority = priority(replica);
            if (priority != last) {
                group = groups.computeIfAbsent(priority, key -> new ArrayList<>());
                last = priority;
            }
            group.add(replica);
        }
        return List.copyOf(groups.values());
    }

    private static int priority(Replica replica) {
        return replica.endpoint().priority();
    }

    /** Each one's share of all calls, as far as all together are available. */
    private static double[] shares(List<List<Replica>> byPriority, Predicate<Replica> available) {
        double[] shares = new double[byPriority.size()];
        double left = 1;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.min(left, availability(byPriority.get(i), available));
            left = Math.max(0, left - shares[i]);
        }
        return shares;
    }

    /** To which extent a group can take the calls meant for all of it, 0 to 1. Ramps do not count: they end by themselves. */
    static double availability(List<Replica> group, Predicate<Replica> available) {
        double all = 0;
        double those = 0;
        for (Replica replica : group) {
            double weight = replica.configuredWeight();
            all += weight;
            those += available.test(replica) ? weight : 0;
        }
        return Math.min(1, OVERPROVISIONING * those / all);
    }

    private static double sum(double[] shares) {
        double sum = 0;
        for (double share : shares) {
            sum += share;
        }
        return sum;
    }

    /**
     * A client that trusts only a few of its replicas more likely misjudges, or would melt the few: if fewer than half of
     * those that can be reached are usable, all that can be reached are candidates; all in service if none is usable.
     */
    private static Tier tier(List<Replica> inService, double share, boolean mayPanic) {
        int priority = priority(inService.get(0));
        List<Replica> usable = Eligibility.filter(inService, Replica::isUsable);
        if (!mayPanic || share == 0) {
            return new Tier(priority, inService, usable, share, false);
        }
        List<Replica> reachable = Eligibility.filter(inService, replica -> !replica.standing.isUnreachable());
        boolean panic = usable.isEmpty() || usable.size() * 2 < reachable.size();
        List<Replica> all = usable.isEmpty() ? inService : reachable;
        return new Tier(priority, inService, panic ? all : usable, share, panic);
    }
}
