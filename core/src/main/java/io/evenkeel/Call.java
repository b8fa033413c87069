package io.evenkeel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What choosing may know of a call: key, tags wanted, deadline, idempotence, priority, endpoints already tried. Immutable; {@link #any()} is
 * shared and costs nothing.
 */
public final class Call {

    private static final Call ANY = new Call(Optional.empty(), Map.of(), false, Optional.empty(), false, List.of(), 0);
    private static final Call IDEMPOTENT =
            new Call(Optional.empty(), Map.of(), false, Optional.empty(), true, List.of(), 0);

    private final Optional<String> key;
    private final Map<String, String> tags;
    private final boolean elseAll;
    private final Optional<Duration> deadline;
    private final boolean idempotent;
    private final List<Endpoint> tried;
    private final int priority;

    private Call(
            Optional<String> key,
            Map<String, String> tags,
            boolean elseAll,
            Optional<Duration> deadline,
            boolean idempotent,
            List<Endpoint> tried,
            int priority) {
        this.key = key;
        this.tags = tags;
        this.elseAll = elseAll;
        this.deadline = deadline;
        this.idempotent = idempotent;
        this.tried = tried;
        this.priority = priority;
    }

    /** A call of which nothing is known: no key, the balancer's deadline, not to be repeated. */
    public static Call any() {
        return ANY;
    }

    /** A copy that is placed by consistent hashing of {@code key}: equal keys go to the same replica while it is
     * usable and not overloaded. */
    public Call withKey(String key) {
        return new Call(Optional.of(key), tags, elseAll, deadline, idempotent, tried, priority);
    }

    /** A copy that goes only to endpoints that have the tag, with this value, besides those asked for before. */
    public Call withTag(String name, String value) {
        Map<String, String> more = new HashMap<>(tags);
        more.put(name, value);
        return new Call(key, Map.copyOf(more), elseAll, deadline, idempotent, tried, priority);
    }

    /** A copy that may go to any endpoint while none in service has its tags; it would else fail then. */
    public Call orElseAll() {
        return new Call(key, tags, true, deadline, idempotent, tried, priority);
    }

    /** A copy that must be answered within {@code deadline}, longer than zero, counted from the moment it is made. */
    public Call withDeadline(Duration deadline) {
        return new Call(
                key, tags, elseAll, Optional.of(Check.positive("deadline", deadline)), idempotent, tried, priority);
    }

    /** A copy that comes before calls of lower priority where calls wait for a replica ({@link Limit}), -100 to 100; others have 0. */
    public Call withPriority(int priority) {
        return new Call(key, tags, elseAll, deadline, idempotent, tried, Check.range("priority", priority, -100, 100));
    }

    /** A copy that may run more than once with the same effect, and so may be repeated on another replica. */
    public Call idempotent() {
        if (idempotent) {
            return this;
        }
        return this == ANY ? IDEMPOTENT : new Call(key, tags, elseAll, deadline, true, tried, priority);
    }

    /** A copy that avoids {@code endpoint} while another is left. */
    public Call withTried(Endpoint endpoint) {
        List<Endpoint> more = new ArrayList<>(tried.size() + 1);
        more.addAll(tried);
        more.add(requireNonNull(endpoint, "endpoint"));
        return new Call(key, tags, elseAll, deadline, idempotent, more, priority);
    }

    /** A copy with no endpoint tried yet. */
    public Call untried() {
        return tried.isEmpty() ? this : new Call(key, tags, elseAll, deadline, idempotent, List.of(), priority);
    }

    /** The key, if the call has one. */
    public Optional<String> key() {
        return key;
    }

    /** The tags that an endpoint must have, all of them. */
    public Map<String, String> tags() {
        return tags;
    }

    /** Whether any endpoint will do while none in service has the tags. */
    public boolean isElseAll() {
        return elseAll;
    }

    /** The deadline, if the call brings one of its own. */
    public Optional<Duration> deadline() {
        return deadline;
    }

    /** Before whom it comes where calls wait. */
    public int priority() {
        return priority;
    }

    /** Whether the call may be repeated. */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** Whether {@code endpoint} was tried before. */
    public boolean tried(Endpoint endpoint) {
        for (int i = 0; i < tried.size(); i++) {
            if (tried.get(i).id().equals(endpoint.id())) {
                return true;
            }
        }
        return false;
    }

    /** Whether an endpoint in the zone of {@code endpoint} was tried before; false if it has none. */
    public boolean triedZoneOf(Endpoint endpoint) {
        for (int i = 0; i < tried.size(); i++) {
            if (tried.get(i).zone().isPresent() && tried.get(i).zone().equals(endpoint.zone())) {
                return true;
            }
        }
        return false;
    }

    /** Whether any endpoint was tried before. */
    public boolean triedAny() {
        return !tried.isEmpty();
    }

    /** Without the value of the key, which may be a secret. */
    @Override
    public String toString() {
        return "Call[" + (key.isPresent() ? "with key" : "no key") + ", tags=" + tags + (elseAll ? " or all" : "")
                + ", deadline="
                + deadline.map(Duration::toString).orElse("none") + ", idempotent=" + idempotent + ", priority="
                + priority + ", tried=" + tried.stream().map(Endpoint::id).toList()
                + "]";
    }
}
