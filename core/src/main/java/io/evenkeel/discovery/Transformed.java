package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Another source's lists, changed. */
record Transformed(EndpointSource source, UnaryOperator<List<Endpoint>> change) implements EndpointSource {

    Transformed {
        requireNonNull(source, "source");
    }

    @Override
    public Watch watch(Listener listener) {
        requireNonNull(listener, "listener");
        return source.watch(new Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                changed(all).ifPresent(listener::endpoints);
            }

            @Override
            public void endpoints(List<Endpoint> all, Exception odd) {
                changed(all).ifPresent(list -> listener.endpoints(list, odd));
            }

            private Optional<List<Endpoint>> changed(List<Endpoint> all) {
                try {
                    return Optional.of(change.apply(all));
                } catch (RuntimeException e) {
                    listener.failed(e);
                    return Optional.empty();
                }
            }

            @Override
            public void unchanged() {
                listener.unchanged();
            }

            @Override
            public void failed(Exception cause) {
                listener.failed(cause);
            }
        });
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
