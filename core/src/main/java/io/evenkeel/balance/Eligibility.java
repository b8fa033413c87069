package io.evenkeel.balance;

import io.evenkeel.EndpointState;
import io.evenkeel.balance.Tiers.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * The update pipeline on one page: who may be chosen, of the replicas that are known. Pure.
 *
 * <ol>
 *   <li>In service: not drained, not disabled, of a weight above 0.
 *   <li>Usable: not ejected, breaker not open, health checks not failed. If some are, {@link Tiers} shares the calls among the priorities; in each the
 *       usable ones are the candidates, and a few half-open ones beside them may get a trial call.
 *   <li>None usable, but departed ones are kept as a last resort: those of them that are usable.
 *   <li>Else panic: all in service are candidates, and gates are bypassed. So they are in a priority of which fewer than half
 *       of those that can be reached are usable, unless other priorities can take the calls.
 * </ol>
 *
 * @param inService listed replicas that are in service
 * @param lastResort usable replicas that have departed
 * @param tiers who may be chosen, by priority
 * @param trials half-open replicas that may get a trial call
 * @param usable how many listed replicas are in service and usable
 * @param census how many of all stand where
 */
record Eligibility(
        List<Replica> inService,
        List<Replica> lastResort,
        List<Tier> tiers,
        List<Replica> trials,
        int usable,
        Census census) {

    private static final int MOST_TRIALS = 4;

    /** For people. */
    record Census(int known, int eligible, int ejected, int unhealthy, int open) {

        static Census of(int known, List<Replica> inService) {
            int eligible = 0;
            int ejected = 0;
            int unhealthy = 0;
            for (Replica replica : inService) {
                if (replica.isUsable()) {
                    eligible++;
                } else if (replica.standing.state() == EndpointState.EJECTED) {
                    ejected++;
                } else if (replica.standing.isUnhealthy()) {
                    unhealthy++;
                }
            }
            int open = inService.size() - eligible - ejected - unhealthy;
            return new Census(known, eligible, ejected, unhealthy, open);
        }

        @Override
        public String toString() {
            return known + " known, " + eligible + " eligible, " + ejected + " ejected, " + open + " open, "
                    + (unhealthy == 0 ? "" : unhealthy + " unhealthy, ")
                    + (known - eligible - ejected - unhealthy - open) + " drained, disabled or of weight 0";
        }
    }

    static Eligibility of(Collection<Replica> listed, Collection<Replica> lastResort) {
        List<Replica> inService = filter(listed, Replica::isInService);
        return of(inService, filter(lastResort, Replica::isUsable), Census.of(listed.size(), inService));
    }

    private static Eligibility of(List<Replica> inService, List<Replica> lastResort, Census census) {
        int usable = filter(inService, Replica::isUsable).size();
        boolean resort = usable == 0 && !lastResort.isEmpty();
        Tiers tiers = Tiers.of(resort ? lastResort : inService);
        List<Replica> trials = usable == inService.size()
                ? List.of()
                : trials(inService, resort ? Integer.MAX_VALUE : tiers.lastNeeded());
        return new Eligibility(inService, lastResort, tiers.all(), trials, usable, census);
    }

    /** The part that is wanted, judged by itself. */
    Eligibility of(Predicate<Replica> wanted) {
        return of(filter(inService, wanted), filter(lastResort, wanted), census);
    }

    static List<Replica> filter(Collection<Replica> replicas, Predicate<Replica> wanted) {
        List<Replica> filtered = new ArrayList<>(replicas.size());
        for (Replica replica : replicas) {
            if (wanted.test(replica)) {
                filtered.add(replica);
            }
        }
        return filtered;
    }

    /** Whether somewhere replicas are candidates although they are not usable. */
    boolean panic() {
        return tiers.stream().anyMatch(Tier::panic);
    }

    /** All who may be chosen or tried, those of priorities without calls included. */
    Iterable<Replica> inUse() {
        if (tiers.size() == 1 && trials.isEmpty()) {
            return tiers.get(0).candidates();
        }
        List<Replica> all = new ArrayList<>(trials);
        tiers.forEach(tier -> all.addAll(tier.candidates()));
        return all;
    }

    /** Not of priorities that nobody needs: theirs can wait. */
    private static List<Replica> trials(List<Replica> inService, int lastPriority) {
        return inService.stream()
                .filter(replica -> replica.standing.isTrying())
                .filter(replica -> replica.priority() <= lastPriority)
                .limit(MOST_TRIALS)
                .toList();
    }

    /**
     * How many more may be taken out by judgement: at most the share of those that can be reached, at least one in all,
     * never the last usable. Negative if too many are out already.
     */
    static long mayTakeOut(Collection<Replica> listed, Collection<Replica> lastResort, double maxShare) {
        Predicate<Replica> reachable = replica -> replica.isToServe() && !replica.standing.isUnreachable();
        List<Replica> all = filter(listed, reachable);
        all.addAll(filter(lastResort, reachable));
        long out = all.stream().filter(replica -> replica.standing.isOut()).count();
        long most = Math.max(1, (long) (all.size() * maxShare));
        return Math.min(most, all.size() - 1L) - out;
    }
}
