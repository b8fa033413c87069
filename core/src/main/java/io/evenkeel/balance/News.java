package io.evenkeel.balance;

import io.evenkeel.Observer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of a rebuild is worth telling: panic, and calls that move to another priority. Guarded by the lock of {@link Updates}.
 */
final class News {

    /** A share is told again when it has changed by this. */
    private static final double MUCH = 0.1;

    private final Engine engine;
    private final Set<Zoning> spilling = new HashSet<>();
    private boolean panic;
    private SortedMap<Integer, Double> shares = new TreeMap<>();

    News(Engine engine) {
        this.engine = engine;
    }

    void tell(Eligibility now, Collection<Zoning> zonings) {
        spilling.retainAll(zonings);
        zonings.forEach(this::tell);
        if (panic != now.panic()) {
            panic = now.panic();
            tellPanic(now);
        }
        SortedMap<Integer, Double> then = new TreeMap<>();
        now.tiers().stream().filter(tier -> tier.share() > 0).forEach(tier -> then.put(tier.priority(), tier.share()));
        if (!then.isEmpty() && isNews(then)) {
            boolean first = shares.isEmpty();
            shares = Collections.unmodifiableSortedMap(then);
            if (!first) {
                tellShares();
            }
        }
    }

    private void tell(Zoning zoning) {
        boolean spills = zoning.isSpilling();
        if (spills ? spilling.add(zoning) : spilling.remove(zoning)) {
            Observer.ZoneSpillChanged event =
                    new Observer.ZoneSpillChanged(engine.name(), zoning.zone(), spills, zoning.ownShare());
            engine.events()
                    .add(
                            log -> log.warn(
                                    "{}: zone {}, the own one, is {}: {} of the calls stay in it",
                                    engine.name(),
                                    zoning.zone(),
                                    spills ? "slower than the others" : "about as fast as the others again",
                                    percent(event.ownShare())),
                            observer -> observer.zoneSpillChanged(event));
        }
    }

    private boolean isNews(SortedMap<Integer, Double> then) {
        if (!then.keySet().equals(shares.keySet())) {
            return true;
        }
        for (Map.Entry<Integer, Double> entry : then.entrySet()) {
            if (Math.abs(entry.getValue() - shares.getOrDefault(entry.getKey(), 0.0)) >= MUCH) {
                return true;
            }
        }
        return false;
    }

    private void tellShares() {
        Observer.PrioritiesChanged event = new Observer.PrioritiesChanged(engine.name(), shares);
        engine.events()
                .add(
                        log -> log.warn("{}: the calls go {}", engine.name(), inWords(event.shares())),
                        observer -> observer.prioritiesChanged(event));
    }

    static String inWords(SortedMap<Integer, Double> shares) {
        return shares.entrySet().stream()
                .map(share -> percent(share.getValue()) + " to priority " + share.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String percent(double share) {
        return "%.0f %%".formatted(share * 100);
    }

    private void tellPanic(Eligibility now) {
        Observer.PanicChanged event = new Observer.PanicChanged(
                engine.name(), now.panic(), now.usable(), now.inService().size());
        engine.events()
                .add(
                        log -> log.warn(
                                "{}: {}: {} of {} replicas in service are usable{}",
                                engine.name(),
                                now.panic() ? "panic" : "panic is over",
                                now.usable(),
                                event.known(),
                                now.panic()
                                        ? ", so those that are not are used, too"
                                        : now.usable() == 0 ? ", but departed ones are, and are used" : ""),
                        observer -> observer.panicChanged(event));
    }
}
