package io.evenkeel.balance;

import io.evenkeel.Condition;
import io.evenkeel.Observer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * What of a rebuild is worth telling: another condition, and calls that move to another priority. Guarded by the lock of {@link
 * Updates}.
 */
final class News {

    /** A share is told again when it has changed by this. */
    private static final double MUCH = 0.1;

    private final Engine engine;
    private final Set<Zoning> spilling = new HashSet<>();
    private volatile Condition condition = Condition.HEALTHY;
    private SortedMap<Integer, Double> shares = new TreeMap<>();

    News(Engine engine) {
        this.engine = engine;
    }

    /** The condition that was told last. */
    Condition condition() {
        return condition;
    }

    /** {@code trouble} is the source's, if it has any. */
    void tell(Eligibility now, Collection<Zoning> zonings, Optional<Exception> trouble) {
        spilling.retainAll(zonings);
        zonings.forEach(this::tell);
        tellCondition(now, trouble);
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

    private void tellCondition(Eligibility now, Optional<Exception> trouble) {
        Condition before = condition;
        Condition after = condition(now, trouble.isPresent());
        if (before == after) {
            return;
        }
        condition = after;
        String why = inWords(now, trouble);
        Observer.ConditionChanged event = new Observer.ConditionChanged(engine.name(), before, after, why);
        engine.events()
                .add(
                        log -> log.atLevel(after == Condition.HEALTHY ? Level.INFO : Level.WARN)
                                .log("{} is {}, was {}: {}", engine.name(), after, before, why),
                        observer -> observer.conditionChanged(event));
    }

    private static Condition condition(Eligibility now, boolean trouble) {
        if (now.usable() == 0 && now.lastResort().isEmpty()) {
            return Condition.FAILING;
        }
        if (now.panic()) {
            return Condition.PANIC;
        }
        return trouble || now.usable() < now.inService().size() ? Condition.DEGRADED : Condition.HEALTHY;
    }

    private static String inWords(Eligibility now, Optional<Exception> trouble) {
        String words = now.usable() + " of " + now.inService().size() + " replicas in service are usable";
        if (now.panic()) {
            words += ", so those that are not are used, too";
        } else if (now.usable() == 0 && !now.lastResort().isEmpty()) {
            words += ", but departed ones are, and are used";
        }
        return words + trouble.map(error -> "; source: " + Events.words(error)).orElse("");
    }
}
