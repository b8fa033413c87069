package io.evenkeel.discovery.xds;

import com.google.protobuf.Any;
import java.util.List;

/**
 * What the server says about resources of one type, in either variant of the protocol.
 *
 * @param version of the whole
 * @param nonce by which it is accepted or refused
 * @param complete whether what is not found in it does not exist
 */
record Answer(String type, String version, String nonce, List<Found> found, List<String> removed, boolean complete) {

    /** One resource, and its own version. */
    record Found(String version, Any resource) {

        /** What tells it from others: its version, or what it holds if it has none. */
        Object mark() {
            return version.isEmpty() ? resource : version;
        }
    }
}
