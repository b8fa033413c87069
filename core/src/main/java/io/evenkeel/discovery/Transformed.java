package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Another source's lists, changed. */
record Transformed(EndpointSource source, UnaryOperator<List<Endpoint>> change) implements EndpointSource {

    Transformed {
        requireNonNull(source, "source");
    }

    @Override
    public Watch watch(Listener listener) {
        return source.watch(new Changing(requireNonNull(listener, "listener")));
    }

    /** Hands over lists as they are changed. */
    private final class Changing implements Listener {

        private final Listener listener;
        /** Why the last list is not used; null if it is. */
        private volatile @Nullable Exception failure;

        Changing(Listener listener) {
            this.listener = listener;
        }

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
                List<Endpoint> list = change.apply(all);
                failure = null;
                return Optional.of(list);
            } catch (Throwable e) { // a missing class, for one, of which nobody might hear
                Exception trouble = Trouble.of(e, "changing endpoints");
                failure = trouble;
                listener.failed(trouble);
                return Optional.empty();
            }
        }

        /** The source stands by its last list, which may not be the one in use. */
        @Override
        public void unchanged() {
            Exception unusable = failure;
            if (unusable == null) {
                listener.unchanged();
            } else {
                listener.failed(unusable);
            }
        }

        @Override
        public void failed(Exception cause) {
            listener.failed(cause);
        }
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
