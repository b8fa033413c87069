package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.balance.LoadBalancer;
import java.util.Map;

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
}
