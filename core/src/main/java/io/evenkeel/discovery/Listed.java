package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list, and what is odd about it. */
record Listed(List<Endpoint> list, @Nullable Exception odd) {

    /** With a copy, which may have null entries: the source may go on working with its own. */
    static Listed of(List<Endpoint> all, @Nullable Exception odd) {
        return new Listed(Collections.unmodifiableList(new ArrayList<>(all)), odd);
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    void tell(Listener listener) {
        if (odd == null) {
            listener.endpoints(list);
        } else {
            listener.endpoints(list, odd);
        }
    }
}
