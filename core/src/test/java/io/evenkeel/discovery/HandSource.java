package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A source in the test's hand. */
final class HandSource implements EndpointSource {

    private final List<Listener> listeners = new ArrayList<>();
    int watched;
    int refreshed;
    int closed;

    @Override
    public Watch watch(Listener listener) {
        watched++;
        listeners.add(listener);
        return new Watch() {
            @Override
            public void refresh() {
                refreshed++;
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }

    /** Publishes endpoints of these hosts, to the last who watches. */
    void list(String... hosts) {
        listeners.getLast().endpoints(endpoints(hosts));
    }

    /** The same with something odd about them. */
    void oddList(String what, String... hosts) {
        listeners.getLast().endpoints(endpoints(hosts), new IOException(what));
    }

    void unchanged() {
        listeners.getLast().unchanged();
    }

    void fail(String message) {
        listeners.getLast().failed(new IOException(message));
    }

    static List<Endpoint> endpoints(String... hosts) {
        return Arrays.stream(hosts).map(host -> Endpoint.of("http://" + host)).toList();
    }

    static List<String> ids(String... hosts) {
        return endpoints(hosts).stream().map(Endpoint::id).toList();
    }
}
