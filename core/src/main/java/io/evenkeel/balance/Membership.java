package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.Guard;
import io.evenkeel.Observer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which replicas are known, and the guard against odd lists. State survives by id: a replica that leaves is remembered for a
 * while, one that returns is taken back as it was. Guarded by the lock of {@link Updates}.
 *
 * <p>The guard: an empty list is not obeyed. A list that removes more than half, or what {@link io.evenkeel.Guard} says, is obeyed for those it
 * names, but those that left stay a last resort for a while, used only while nobody named is usable.
 */
final class Membership {

    private static final double MOST_WEIGHT = 1_000_000;

    private final Engine engine;
    private final Settings settings;
    private final DepartedReplicas departed;
    /** Barred once the next snapshot is there. */
    private final List<Replica> leaving = new ArrayList<>();
    /** Of the list that is being obeyed. */
    private final Set<Replica> newcomers = new HashSet<>();
    /** Whether the last list named nobody. */
    private boolean holding;

    private Map<String, Replica> listed = Map.of();
    /** The same, as listed: what a rebuild goes through is in a row. */
    private List<Replica> inOrder = List.of();
    /** The same as values, for whoever asks. */
    private volatile List<Endpoint> endpoints = List.of();

    /** When the last of those that were listed later than the first is new no more. */
    private long nobodyNewFrom;

    private final Map<String, Replica> lastResort = new LinkedHashMap<>();

    Membership(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.departed = new DepartedReplicas(engine.ambient().clock());
        this.nobodyNewFrom = engine.nanoTime();
    }

    Collection<Replica> listed() {
        return inOrder;
    }

    /** By id; never changed once it is handed out. */
    Map<String, Replica> byId() {
        return listed;
    }

    /** Those of the last list; another object only if that was another. Any thread. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    Collection<Replica> lastResort() {
        return lastResort.values();
    }

    Replica find(Endpoint endpoint) {
        Replica found = listed.getOrDefault(endpoint.id(), lastResort.get(endpoint.id()));
        if (found == null) {
            throw new IllegalArgumentException(engine.name() + " has no endpoint " + endpoint.id() + ", but knows "
                    + inOrder.stream().map(Replica::id).toList());
        }
        return found;
    }

    /** The list by id: bad entries dropped and reported as troubles, duplicates merged, their weights added. */
    static Map<String, Endpoint> clean(@Nullable List<? extends @Nullable Endpoint> all, List<Exception> troubles) {
        if (all == null) {
            troubles.add(new IllegalArgumentException("the source published null instead of a list"));
            return Map.of();
        }
        Object[] entries = all.toArray(); // a copy, and at its word: a source may hand over anything
        Map<String, Endpoint> clean = LinkedHashMap.newLinkedHashMap(entries.length);
        int bad = 0;
        for (Object entry : entries) {
            if (entry instanceof Endpoint endpoint) {
                clean.merge(endpoint.id(), endpoint, Membership::merged);
            } else {
                bad++;
            }
        }
        if (bad > 0) {
            troubles.add(new IllegalArgumentException(
                    "the source's list has " + bad + " entries that are null or no endpoints, dropped"));
        }
        return clean;
    }

    private static Endpoint merged(Endpoint first, Endpoint second) {
        return first.withWeight(Math.min(MOST_WEIGHT, first.weight() + second.weight()));
    }

    /** An empty list: everybody stays in full use. True if there is somebody. */
    boolean hold(Exception why) {
        if (!listed.isEmpty() && !holding) {
            holding = true;
            tellHeld(endpoints(inOrder), why.getMessage() + ": the last list stays in full use");
        }
        return !listed.isEmpty();
    }

    /** A list that names somebody. */
    void obey(Map<String, Endpoint> list) {
        int sizeBefore = listed.size();
        List<Endpoint> added = new ArrayList<>();
        List<Endpoint> changed = new ArrayList<>();
        Map<String, Replica> after = HashMap.newHashMap(list.size());
        List<Replica> afterInOrder = new ArrayList<>(list.size());
        list.forEach((id, endpoint) -> {
            Replica known = listed.get(id);
            Replica replica =
                    relisted(known != null && stays(known, endpoint) ? known : null, endpoint, added, changed);
            if (known != null && known != replica) {
                replica.standing.operatorsWordOf(known.standing);
            }
            after.put(id, replica);
            afterInOrder.add(replica);
        });
        List<Replica> removed = after.size() - added.size() == sizeBefore
                ? List.of()
                : Eligibility.filter(inOrder, replica -> after.get(replica.id()) != replica);
        listed = after;
        inOrder = afterInOrder;
        holding = false;
        easeIn(sizeBefore == 0);
        depart(removed, removed.size() > settings.guard().mostRemoved() * sizeBefore);
        if (!added.isEmpty() || !removed.isEmpty() || !changed.isEmpty()) {
            endpoints = endpoints(inOrder);
            tellChanged(added, endpoints(removed), changed);
        }
    }

    /** Another scheme is another server: an older list must not lead an https call to what speaks http now. */
    private static boolean stays(Replica replica, @Nullable Endpoint listed) {
        return replica.endpoint().equals(listed)
                || (listed != null && replica.scheme().equals(Replica.scheme(listed)));
    }

    private Replica relisted(@Nullable Replica known, Endpoint endpoint, List<Endpoint> added, List<Endpoint> changed) {
        if (known == null) {
            added.add(endpoint);
            Replica replica = returned(endpoint).orElseGet(() -> newReplica(endpoint));
            replica.relist(endpoint);
            return replica;
        }
        if (!known.endpoint().equals(endpoint)) {
            changed.add(endpoint);
            known.relist(endpoint);
        }
        return known;
    }

    private Optional<Replica> returned(Endpoint endpoint) {
        return Optional.ofNullable(lastResort.remove(endpoint.id()))
                .or(() -> takenBack(endpoint.id()))
                .filter(replica -> stays(replica, endpoint));
    }

    private Optional<Replica> takenBack(String id) {
        Optional<Replica> known = departed.takeBack(id);
        known.ifPresent(this::forgetOldSignals);
        return known;
    }

    /** It may have been restarted, and what stragglers ran into while it was gone says nothing of it now. */
    private void forgetOldSignals(Replica replica) {
        if (replica.standing.wasAwayForLong(engine.nanoTime())) {
            replica.dropSignals();
            replica.forgetRow();
            newcomers.add(replica);
        }
    }

    private Replica newReplica(Endpoint endpoint) {
        Standing standing = new Standing(settings.outliers(), settings.breaker(), settings.slowStart());
        Replica made = new Replica(
                endpoint,
                stateFor(endpoint),
                settings.gates().get(),
                standing,
                newChecked(),
                settings.limit(),
                engine.nanoTime());
        standing.left(engine.nanoTime() - Standing.NEVER / 2); // half, since time goes on
        newcomers.add(made);
        return made;
    }

    private @Nullable Checked newChecked() {
        return settings.healthCheck()
                .map(check -> new Checked(check, engine.random().nextDouble(), engine.nanoTime()))
                .orElse(null);
    }

    /** New ones wait for a health check, if there are any, and have a ramp, unless more than half of the list is new: too few would be left to carry what they do not. */
    private void easeIn(boolean firstList) {
        long now = engine.nanoTime();
        if (!firstList) {
            newcomers.forEach(replica -> listedLater(replica.standing, now));
            if (isMostlyNew(now)) {
                inOrder.forEach(replica -> replica.standing.easeNoMore(now));
            } else {
                newcomers.forEach(replica -> replica.standing.ease("newly listed", now));
                newcomers.forEach(replica -> awaitCheck(replica, now));
            }
        }
        newcomers.clear();
    }

    private void awaitCheck(Replica replica, long now) {
        if (settings.healthCheck().isPresent() && !settings.healthCheck().get().dryRun() && !replica.standing.isOut()) {
            replica.checked().await(now);
            replica.standing.awaitCheck(replica.checked().inWords(), now);
        }
    }

    private void listedLater(Standing standing, long now) {
        long until = standing.listedLater(now);
        nobodyNewFrom = nobodyNewFrom - until > 0 ? nobodyNewFrom : until;
    }

    private boolean isMostlyNew(long now) {
        if (nobodyNewFrom - now <= 0) {
            return false;
        }
        int young = 0;
        for (Replica replica : inOrder) {
            young += replica.standing.isNew(now) ? 1 : 0;
        }
        return young * 2 > inOrder.size();
    }

    private Object stateFor(Endpoint endpoint) {
        try {
            return settings.policy().newState(endpoint);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return endpoint;
        }
    }

    private void depart(List<Replica> removed, boolean suspicious) {
        Guard guard = settings.guard();
        boolean kept = suspicious && !guard.dryRun();
        long until = engine.nanoTime() + guard.lastResort().toNanos();
        for (Replica replica : removed) {
            if (kept) {
                replica.standing.resortUntil(until);
                lastResort.put(replica.id(), replica);
            } else {
                leave(replica);
            }
        }
        String odd = "the list removes %d of %d".formatted(removed.size(), removed.size() + listed.size());
        if (kept) {
            tellHeld(endpoints(removed), odd + ": these stay a last resort for " + guard.lastResort());
        } else if (suspicious) {
            tellPretended(endpoints(removed), odd);
        }
    }

    private void leave(Replica replica) {
        replica.standing.left(engine.nanoTime());
        leaving.add(replica);
        departed.put(replica);
    }

    /** Keeps out whom the snapshot, which is there now, does not name: a call with an older one so takes the newer. */
    void raiseBars() {
        leaving.forEach(replica -> replica.bar(Replica.OUT_OF_SERVICE));
        leaving.clear();
    }

    /** Lets go of those kept for long enough. */
    void expire(long now) {
        Iterator<Replica> kept = lastResort.values().iterator();
        while (kept.hasNext()) {
            Replica replica = kept.next();
            if (replica.standing.resortUntil() - now <= 0) {
                kept.remove();
                leave(replica);
            }
        }
    }

    /** Nanoseconds until {@link #expire} has something to do. */
    long nextExpiry(long now) {
        long next = Standing.NEVER;
        for (Replica replica : lastResort.values()) {
            next = Math.min(next, Math.max(0, replica.standing.resortUntil() - now));
        }
        return next;
    }

    private static List<Endpoint> endpoints(Collection<Replica> replicas) {
        return replicas.stream().map(Replica::endpoint).toList();
    }

    private void tellHeld(List<Endpoint> kept, String reason) {
        engine.events()
                .add(
                        log -> log.warn("{}: {} endpoints kept: {}", engine.name(), kept.size(), reason),
                        observer -> observer.listHeld(new Observer.ListHeld(engine.name(), kept, reason)));
    }

    private void tellPretended(List<Endpoint> removed, String reason) {
        Observer.ListHeld event = new Observer.ListHeld(engine.name(), removed, reason);
        engine.events()
                .add(
                        log -> log.info(
                                "{}: {} endpoints would be kept, but for a dry run: {}",
                                engine.name(),
                                removed.size(),
                                reason),
                        observer -> observer.wouldHaveHeld(event));
    }

    private void tellChanged(List<Endpoint> added, List<Endpoint> removed, List<Endpoint> changed) {
        Observer.EndpointsChanged event = new Observer.EndpointsChanged(
                engine.name(), List.copyOf(added), removed, List.copyOf(changed), listed.size());
        engine.events()
                .add(
                        log -> log.info(
                                "{}: {} endpoints: {} added, {} removed, {} changed",
                                engine.name(),
                                event.size(),
                                added.size(),
                                removed.size(),
                                changed.size()),
                        observer -> observer.endpointsChanged(event));
    }
}
