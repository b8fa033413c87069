package io.evenkeel.balance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who of each priority may be chosen, and how many of the calls each priority gets. Pure.
 *
 * <p>Envoy's rule: a priority is available to the extent that 1.4 times the weight of its usable replicas covers the weight of
 * those in service; the first takes as many calls as it is available, the next what is left, and so on. If all together are
 * not available in full, each gets a part of what there is, and those of which fewer than half are usable panic.
 *
 * @param all the priorities of which there are candidates, first come first; none if nobody is in service
 * @param suffice whether all together are available in full
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">Envoy,
 *     Priority levels</a>
 */
record Tiers(List<Tier> all, boolean suffice) {

    private static final double OVERPROVISIONING = 1.4;
    /** A rounded sum may miss 1 by this. */
    private static final double NEARLY = 1 - 1e-9;

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

    /** Those of one priority. */
    private record Group(List<Replica> inService, List<Replica> usable) {

        static Group of(List<Replica> inService) {
            List<Replica> usable = Eligibility.filter(inService, Replica::isUsable);
            return new Group(inService, usable.size() == inService.size() ? inService : usable);
        }

        List<Replica> reachable() {
            return Eligibility.filter(inService, replica -> !replica.standing.isUnreachable());
        }
    }

    static Tiers of(List<Replica> inService) {
        List<Group> groups = byPriority(inService).stream().map(Group::of).toList();
        double[] shares = shares(groups, Group::usable);
        boolean nobody = sum(shares) == 0;
        if (nobody) {
            shares = shares(groups, Group::reachable);
        }
        if (sum(shares) == 0 && shares.length > 0) {
            shares[0] = 1;
        }
        double available = sum(shares);
        boolean suffice = !nobody && available >= NEARLY;
        boolean mayPanic = !suffice || shares.length == 1;
        List<Tier> tiers = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            Tier tier = tier(groups.get(i), shares[i] / available, mayPanic);
            if (!tier.candidates.isEmpty()) {
                tiers.add(tier);
            }
        }
        return new Tiers(tiers, suffice);
    }

    /** The last priority that gets calls, or could: if all are not available in full, any that comes back is welcome. */
    int lastNeeded() {
        return suffice
                ? all.stream()
                        .filter(tier -> tier.share > 0)
                        .mapToInt(Tier::priority)
                        .max()
                        .orElse(Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
    }

    private static Collection<List<Replica>> byPriority(List<Replica> inService) {
        if (isOfOnePriority(inService)) {
            return List.of(inService);
        }
        TreeMap<Integer, List<Replica>> groups = new TreeMap<>();
        for (Replica replica : inService) {
            groups.computeIfAbsent(replica.priority(), key -> new ArrayList<>()).add(replica);
        }
        return groups.values();
    }

    /** Most lists are. */
    private static boolean isOfOnePriority(List<Replica> inService) {
        for (Replica replica : inService) {
            if (replica.priority() != inService.get(0).priority()) {
                return false;
            }
        }
        return !inService.isEmpty();
    }

    /** Each one's share of all calls, as far as all together are available. */
    private static double[] shares(List<Group> groups, Function<Group, List<Replica>> available) {
        double[] shares = new double[groups.size()];
        double left = 1;
        for (int i = 0; i < shares.length; i++) {
            Group group = groups.get(i);
            shares[i] = Math.min(left, availability(group.inService, available.apply(group)));
            left = Math.max(0, left - shares[i]);
        }
        return shares;
    }

    /**
     * To which extent some can take the calls meant for all, 0 to 1. One that is back from being out counts by its ramp; one that is new takes nothing
     * from what there was.
     */
    static double availability(List<Replica> all, List<Replica> some) {
        double available = 0;
        for (Replica replica : some) {
            available += replica.weight();
        }
        double meant = 0;
        for (Replica replica : all) {
            meant += replica.standing.isEasing() ? replica.weight() : replica.configuredWeight();
        }
        return meant <= available ? 1 : Math.min(1, OVERPROVISIONING * available / meant);
    }

    static double weight(List<Replica> replicas) {
        double sum = 0;
        for (Replica replica : replicas) {
            sum += replica.configuredWeight();
        }
        return sum;
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
    private static Tier tier(Group group, double share, boolean mayPanic) {
        int priority = group.inService.get(0).priority();
        int usable = group.usable.size();
        if (!mayPanic || share == 0 || usable == group.inService.size()) {
            return new Tier(priority, group.inService, group.usable, share, false);
        }
        List<Replica> reachable = group.reachable();
        boolean panic = usable == 0 || usable * 2 < reachable.size();
        List<Replica> all = usable == 0 ? group.inService : reachable;
        return new Tier(priority, group.inService, panic ? all : group.usable, share, panic);
    }
}
