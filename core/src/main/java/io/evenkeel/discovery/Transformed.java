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
        Changing changing = new Changing(requireNonNull(listener, "listener"));
        Watch watch = source.watch(changing);
        return new Watch() {
            @Override
            public void refresh() {
                watch.refresh();
            }

            @Override
            public void close() {
                changing.closed = true;
                watch.close();
            }
        };
    }

    /** Hands over lists as they are changed. */
    private final class Changing implements Listener {

        private final Listener listener;
        /** All reports: a list that is tried again must not come after another. */
        private final Turns turns = new Turns();
        /** The last list, as the source has it, until neither the function nor the listener throws at it. */
        private Optional<Listed> owed = Optional.empty();

        private volatile boolean closed;

        Changing(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void endpoints(List<Endpoint> all) {
            Listed list = Listed.of(all, null);
            inTurn(() -> handOver(list));
        }

        @Override
        public void endpoints(List<Endpoint> all, Exception odd) {
            Listed list = Listed.of(all, odd);
            inTurn(() -> handOver(list));
        }

        /** The source stands by its last list, which may not be the one in use. */
        @Override
        public void unchanged() {
            inTurn(() -> owed.ifPresentOrElse(this::handOver, listener::unchanged));
        }

        @Override
        public void failed(Exception cause) {
            inTurn(() -> listener.failed(cause));
        }

        private void handOver(Listed list) {
            owed = Optional.of(list);
            List<Endpoint> changed;
            try {
                changed = change.apply(list.list());
            } catch (Throwable e) { // a missing class, for one, of which nobody might hear
                listener.failed(Trouble.of(e, "changing endpoints"));
                return;
            }
            new Listed(changed, list.odd()).tell(listener);
            owed = Optional.empty();
        }

        private void inTurn(Runnable report) {
            turns.add(() -> {
                if (!closed) {
                    report.run();
                }
            });
            turns.run();
        }
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
