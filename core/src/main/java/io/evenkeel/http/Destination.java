package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.NoEndpointException;
import io.evenkeel.balance.LoadBalancer;
import java.util.Map;
import java.util.Optional;

/**
 * Where calls go: to a balancer, or to those of its endpoints that have some tags.
 *
 * @param elseAll whether to all while none in service has them
 */
record Destination(LoadBalancer balancer, Map<String, String> tags, boolean elseAll) {

    /** The call as it goes there. */
    Call of(Call call) {
        if (tags.isEmpty()) {
            return call;
        }
        Call tagged = call;
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            tagged = tagged.withTag(tag.getKey(), tag.getValue());
        }
        return elseAll ? tagged.orElseAll() : tagged;
    }

    /** Whether there is a list of its endpoints, as far as can be seen: one that is empty is as none. */
    boolean isListed() {
        return !balancer.endpoints().isEmpty();
    }

    /** Whether a request's session lives here. */
    boolean isHomeOf(Call call, Sessions.Own sessions) {
        try {
            Optional<String> home = sessions.at(balancer).place(call).endpoint();
            return home.isPresent() && balancer.endpoints().stream().anyMatch(endpoint -> isAt(endpoint, home.get()));
        } catch (NoEndpointException e) {
            return false; // its replica is not listed here
        }
    }

    private boolean isAt(Endpoint endpoint, String id) {
        return endpoint.id().equals(id) && endpoint.tags().entrySet().containsAll(tags.entrySet());
    }
}
