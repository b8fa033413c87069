package io.evenkeel.policy;

import io.evenkeel.Call;

/** Steps over replicas that a call has tried. */
final class Untried {

    private Untried() {}

    /** {@code index}, or the next one that the call has not tried: at most as many steps as it has tried; -1 if none is left, or
     * the list is empty. */
    static int from(int index, Candidate[] all, Call call) {
        if (!call.triedAny()) {
            return index < all.length ? index : -1;
        }
        for (int step = 0, i = index; step < all.length; step++, i = i + 1 == all.length ? 0 : i + 1) {
            if (!call.tried(all[i].endpoint())) {
                return i;
            }
        }
        return -1;
    }
}
