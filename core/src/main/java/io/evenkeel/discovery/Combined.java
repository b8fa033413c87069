package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** A list made of the last lists of several sources. */
final class Combined implements EndpointSource {

    private final String name;
    private final List<EndpointSource> sources;
    private final Function<List<Said>, Optional<List<Endpoint>>> choice;

    /**
     * What one source has said so far.
     *
     * @param list its last list, if it had one
     * @param spoken whether it has said anything
     */
    record Said(Optional<List<Endpoint>> list, boolean spoken) {}

    Combined(String name, List<EndpointSource> sources, Function<List<Said>, Optional<List<Endpoint>>> choice) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException(name + " was given no source, but needs at least one");
        }
        this.name = name;
        this.sources = sources;
        this.choice = choice;
    }

    static Optional<List<Endpoint>> all(List<Said> said) {
        boolean complete = said.stream().allMatch(Said::spoken);
        boolean any = said.stream().anyMatch(one -> one.list().isPresent());
        return complete && any
                ? Optional.of(said.stream()
                        .flatMap(one -> one.list().stream())
                        .flatMap(List::stream)
                        .toList())
                : Optional.empty();
    }

    static Optional<List<Endpoint>> firstNonEmpty(List<Said> said) {
        Optional<List<Endpoint>> last = Optional.empty();
        for (Said one : said) {
            if (!one.spoken()) {
                return Optional.empty();
            }
            if (one.list().isPresent() && !one.list().get().isEmpty()) {
                return one.list();
            }
            last = one.list().or(() -> Optional.of(List.of()));
        }
        return said.stream().anyMatch(one -> one.list().isPresent()) ? last : Optional.empty();
    }

    @Override
    public Watch watch(Listener listener) {
        return new Watching(listener).begin();
    }

    @Override
    public String toString() {
        return name + sources;
    }

    private final class Watching implements Watch {

        private final Listener listener;
        /** Held while the listener is told: lists come in order. */
        private final ReentrantLock lock = new ReentrantLock();

        private final List<Said> said = new ArrayList<>();
        private final List<Boolean> troubled = new ArrayList<>();
        private final List<Watch> watches = new ArrayList<>();
        private Optional<List<Endpoint>> published = Optional.empty();
        private boolean closed;

        Watching(Listener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            for (EndpointSource ignored : sources) {
                said.add(new Said(Optional.empty(), false));
                troubled.add(false);
            }
        }

        Watch begin() {
            for (int i = 0; i < sources.size(); i++) {
                watches.add(begin(sources.get(i), new Part(i)));
            }
            return this;
        }

        /** One that cannot even begin keeps nobody from the others. */
        private Watch begin(EndpointSource source, Part part) {
            try {
                return source.watch(part);
            } catch (RuntimeException e) {
                part.failed(e);
                return () -> {};
            }
        }

        private void hear(int i, Optional<List<Endpoint>> list) {
            troubled.set(i, list.isEmpty());
            said.set(i, new Said(list.or(() -> said.get(i).list()), true));
            Optional<List<Endpoint>> now = choice.apply(said);
            if (now.isPresent() && (list.isPresent() || !now.equals(published))) {
                published = now;
                listener.endpoints(now.get());
            }
        }

        @Override
        public void refresh() {
            watches.forEach(Watch::refresh);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
            } finally {
                lock.unlock();
            }
            watches.forEach(Watch::close);
        }

        /** Listens to one of the sources. */
        private final class Part implements Listener {

            private final int i;

            Part(int i) {
                this.i = i;
            }

            @Override
            public void endpoints(List<Endpoint> all) {
                locked(() -> hear(i, Optional.of(new ArrayList<>(all))));
            }

            @Override
            public void unchanged() {
                locked(() -> {
                    troubled.set(i, false);
                    if (!troubled.contains(true)) {
                        listener.unchanged();
                    }
                });
            }

            @Override
            public void failed(Exception cause) {
                locked(() -> {
                    hear(i, Optional.empty());
                    listener.failed(cause);
                });
            }

            private void locked(Runnable report) {
                lock.lock();
                try {
                    if (!closed) {
                        report.run();
                    }
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
