package io.evenkeel.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The update pipeline on one page: who may be chosen, of the replicas that are known. Pure.
 *
 * <ol>
 *   <li>In service: not drained, not disabled, of a weight above 0.
 *   <li>Usable: not ejected, breaker not open. If at least half of those that can be reached are, they are the candidates,
 *       and a few half-open ones beside them may get a trial call.
 *   <li>None usable, but departed ones are kept as a last resort: those of them that are usable.
 *   <li>Else panic: a client that trusts only a few of its replicas more likely misjudges, or would melt the few. All that
 *       can be reached are candidates, all in service if none is usable; gates are bypassed.
 * </ol>
 *
 * @param inService listed replicas that are in service
 * @param lastResort usable replicas that have departed
 * @param candidates who may be chosen
 * @param trials half-open replicas that may get a trial call
 * @param panic whether all in service are candidates although most are not usable
 * @param usable how many listed replicas are in service and usable
 * @param census how many stand where, in words
 */
record Eligibility(
        List<Replica> inService,
        List<Replica> lastResort,
        List<Replica> candidates,
        List<Replica> trials,
        boolean panic,
        int usable,
        String census) {

    private static final int MOST_TRIALS = 4;

    static Eligibility of(Iterable<Replica> listed, Iterable<Replica> lastResort) {
        return of(select(listed, false), select(lastResort, true), census(listed));
    }

    private static Eligibility of(List<Replica> inService, List<Replica> lastResort, String census) {
        List<Replica> usable = select(inService, true);
        List<Replica> reachable = reachable(inService);
        boolean resort = usable.isEmpty() && !lastResort.isEmpty();
        boolean panic = !resort && !inService.isEmpty() && (usable.isEmpty() || usable.size() * 2 < reachable.size());
        List<Replica> all = usable.isEmpty() ? inService : reachable;
        List<Replica> candidates = resort ? lastResort : panic ? all : usable;
        return new Eligibility(inService, lastResort, candidates, trials(inService), panic, usable.size(), census);
    }

    /** The part whose endpoints have one of these schemes, judged by itself. */
    Eligibility of(Set<String> schemes) {
        return of(part(inService, schemes), part(lastResort, schemes), census);
    }

    private static List<Replica> part(List<Replica> replicas, Set<String> schemes) {
        return replicas.stream()
                .filter(replica -> schemes.contains(replica.scheme()))
                .toList();
    }

    private static String census(Iterable<Replica> listed) {
        int known = 0;
        int eligible = 0;
        int ejected = 0;
        int open = 0;
        for (Replica replica : listed) {
            known++;
            switch (replica.reportedState()) {
                case UP, RAMPING -> eligible += replica.isInService() ? 1 : 0;
                case EJECTED -> ejected++;
                case OPEN, HALF_OPEN -> open++;
                default -> {}
            }
        }
        return known + " known, " + eligible + " eligible, " + ejected + " ejected, " + open + " open, "
                + (known - eligible - ejected - open) + " drained, disabled or of weight 0";
    }

    private static List<Replica> select(Iterable<Replica> replicas, boolean onlyUsable) {
        List<Replica> selected = new ArrayList<>();
        for (Replica replica : replicas) {
            if (onlyUsable ? replica.isUsable() : replica.isInService()) {
                selected.add(replica);
            }
        }
        return selected;
    }

    private static List<Replica> reachable(List<Replica> replicas) {
        return replicas.stream()
                .filter(replica -> !replica.standing.isUnreachable())
                .toList();
    }

    private static List<Replica> trials(List<Replica> inService) {
        return inService.stream()
                .filter(replica -> replica.standing.isTrying())
                .limit(MOST_TRIALS)
                .toList();
    }

    /**
     * How many more may be taken out by judgement: at most the share of those that can be reached, at least one in all,
     * never the last usable. Negative if too many are out already.
     */
    static long mayTakeOut(Iterable<Replica> listed, Iterable<Replica> lastResort, double maxShare) {
        List<Replica> pool = select(listed, false);
        pool.addAll(select(lastResort, false));
        pool = reachable(pool);
        long out = pool.stream().filter(replica -> replica.standing.isOut()).count();
        long most = Math.max(1, (long) (pool.size() * maxShare));
        return Math.min(most, pool.size() - 1L) - out;
    }
}
