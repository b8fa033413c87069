package io.evenkeel.http;

import io.evenkeel.Call;

/**
 * How firmly a session is tied to its replica.
 *
 * @param only whether a call fails rather than go elsewhere
 * @param bound else, up to how many times as many calls in flight as the others have it goes there
 */
record Pinning(boolean only, double bound) {

    Call to(String endpoint, Call call) {
        return only ? call.withOnlyEndpoint(endpoint) : call.withEndpoint(endpoint, bound);
    }
}
