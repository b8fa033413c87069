package io.evenkeel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What choosing may know of a call: key, endpoint asked for, tags wanted, deadline, idempotence, priority, endpoints already tried.
 * Immutable; {@link #any()} is shared and costs nothing.
 */
public final class Call {

    private static final double MOST_BOUND = 1_000;
    private static final Call ANY =
            new Call(Optional.empty(), Pin.NONE, Map.of(), false, Optional.empty(), false, List.of(), 0);
    private static final Call IDEMPOTENT =
            new Call(Optional.empty(), Pin.NONE, Map.of(), false, Optional.empty(), true, List.of(), 0);

    /** Which endpoint is asked for: up to how many times the others' calls in flight, or whatever there is, and nobody else. */
    private record Pin(Optional<String> endpoint, double bound, boolean only) {

        static final Pin NONE = new Pin(Optional.empty(), MOST_BOUND, false);
    }

    private final Optional<String> key;
    private final Pin pin;
    private final Map<String, String> tags;
    private final boolean elseAll;
    private final Optional<Duration> deadline;
    private final boolean idempotent;
    private final List<Endpoint> tried;
    private final int priority;

    private Call(
            Optional<String> key,
            Pin pin,
            Map<String, String> tags,
            boolean elseAll,
            Optional<Duration> deadline,
            boolean idempotent,
            List<Endpoint> tried,
            int priority) {
        this.key = key;
        this.pin = pin;
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
        return new Call(Optional.of(key), pin, tags, elseAll, deadline, idempotent, tried, priority);
    }

    /**
     * A copy that goes to the endpoint with this id, of whatever priority, zone or subset, while it is listed, has the tags wanted, can be used,
     * was not tried before, and is not too busy: up to 16 calls in flight are never too many, beyond that {@code bound} times as many as
     * the others have on average, by their weights, and what chance may do. Else it is placed as if nothing had been asked for. An endpoint of
     * weight 0 can be used by such calls, and by no others.
     *
     * @param bound 1 to 1,000
     */
    public Call withEndpoint(String id, double bound) {
        Pin asked = new Pin(Optional.of(id), Check.range("bound", bound, 1, MOST_BOUND), false);
        return new Call(key, asked, tags, elseAll, deadline, idempotent, tried, priority);
    }

    /**
     * A copy that goes to the endpoint with this id and to no other, however busy that is, its repeats included. If it is not listed, or cannot be
     * used, the call fails with {@link NoEndpointException}; if it has as many calls in flight as it may ({@link Limit}), with {@link
     * OverloadedException}.
     */
    public Call withOnlyEndpoint(String id) {
        return new Call(
                key, new Pin(Optional.of(id), MOST_BOUND, true), tags, elseAll, deadline, idempotent, tried, priority);
    }

    /** A copy that goes only to endpoints that have the tag, with this value, besides those asked for before. */
    public Call withTag(String name, String value) {
        Map<String, String> more = new HashMap<>(tags);
        more.put(name, value);
        return new Call(key, pin, Map.copyOf(more), elseAll, deadline, idempotent, tried, priority);
    }

    /** A copy that may go to any endpoint while none in service has its tags; it would else fail then. */
    public Call orElseAll() {
        return new Call(key, pin, tags, true, deadline, idempotent, tried, priority);
    }

    /** A copy that must be answered within {@code deadline}, longer than zero, counted from the moment it is made. */
    public Call withDeadline(Duration deadline) {
        return new Call(
                key,
                pin,
                tags,
                elseAll,
                Optional.of(Check.positive("deadline", deadline)),
                idempotent,
                tried,
                priority);
    }

    /** A copy that comes before calls of lower priority where calls wait for a replica ({@link Limit}), -100 to 100; others have 0. */
    public Call withPriority(int priority) {
        return new Call(
                key, pin, tags, elseAll, deadline, idempotent, tried, Check.range("priority", priority, -100, 100));
    }

    /** A copy that may run more than once with the same effect, and so may be repeated on another replica. */
    public Call idempotent() {
        if (idempotent) {
            return this;
        }
        return this == ANY ? IDEMPOTENT : new Call(key, pin, tags, elseAll, deadline, true, tried, priority);
    }

    /** A copy that avoids {@code endpoint} while another is left. */
    public Call withTried(Endpoint endpoint) {
        List<Endpoint> more = new ArrayList<>(tried.size() + 1);
        more.addAll(tried);
        more.add(requireNonNull(endpoint, "endpoint"));
        return new Call(key, pin, tags, elseAll, deadline, idempotent, more, priority);
    }

    /** A copy with no endpoint tried yet. */
    public Call untried() {
        return tried.isEmpty() ? this : new Call(key, pin, tags, elseAll, deadline, idempotent, List.of(), priority);
    }

    /** The key, if the call has one. */
    public Optional<String> key() {
        return key;
    }

    /** The id of the endpoint that is asked for, if one is. */
    public Optional<String> endpoint() {
        return pin.endpoint;
    }

    /** Up to how many times as many calls in flight as the others have the endpoint that is asked for is not too busy. */
    public double bound() {
        return pin.bound;
    }

    /** Whether no other endpoint than the one that is asked for will do. */
    public boolean isOnlyThere() {
        return pin.only;
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
        return "Call[" + (key.isPresent() ? "with key" : "no key")
                + pin.endpoint
                        .map(id -> (pin.only ? ", only endpoint " : ", endpoint ") + id)
                        .orElse("") + ", tags=" + tags + (elseAll ? " or all" : "") + ", deadline="
                + deadline.map(Duration::toString).orElse("none") + ", idempotent=" + idempotent + ", priority="
                + priority + ", tried=" + tried.stream().map(Endpoint::id).toList()
                + "]";
    }
}
