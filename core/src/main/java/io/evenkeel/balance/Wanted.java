package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which part of the endpoints a call can use.
 *
 * @param schemes in lower case; empty means any
 * @param tags all of which an endpoint must have
 * @param only the id of the only endpoint that will do, for calls that wait; parts of snapshots have none
 */
record Wanted(Set<String> schemes, Map<String, String> tags, Optional<String> only) {

    static final Wanted ALL = new Wanted(Set.of(), Map.of(), Optional.empty());

    Wanted ofSchemes(Set<String> some) {
        return new Wanted(some, tags, only);
    }

    Wanted withTags(Map<String, String> some) {
        return new Wanted(schemes, some, only);
    }

    /** What such a call waits for. */
    Wanted by(Call call) {
        return call.isOnlyThere() ? new Wanted(schemes, tags, call.endpoint()) : this;
    }

    /** Whether this is that part, or a part of it: parts by tags have parts by scheme. */
    boolean isOf(Wanted part) {
        return equals(part) || (part.schemes.isEmpty() && tags.equals(part.tags));
    }

    boolean includes(Replica replica) {
        return (schemes.isEmpty() || schemes.contains(replica.scheme())) && hasTags(replica.endpoint());
    }

    private boolean hasTags(Endpoint endpoint) {
        return endpoint.tags().entrySet().containsAll(tags.entrySet());
    }

    /** " of scheme https with tag version=2"; empty for all. */
    String inWords() {
        String ofScheme = schemes.isEmpty() ? "" : " of scheme " + String.join(" or ", new TreeSet<>(schemes));
        return tags.isEmpty() ? ofScheme : ofScheme + " with tags " + new TreeMap<>(tags);
    }
}
