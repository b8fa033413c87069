package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A list made of the last lists of several sources. */
final class Combined implements EndpointSource {

    private final String name;
    private final List<EndpointSource> sources;
    private final Function<List<Said>, Optional<Chosen>> choice;

    /**
     * What one source has said so far.
     *
     * @param list its last list, if it had one
     * @param odd what is odd about that list
     * @param trouble its last, unless that is over
     * @param spoken whether it has published a list or reported trouble
     */
    record Said(Optional<List<Endpoint>> list, Optional<Exception> odd, Optional<Exception> trouble, boolean spoken) {

        static final Said NOTHING = new Said(Optional.empty(), Optional.empty(), Optional.empty(), false);

        Said confirmed() {
            return new Said(list, odd, Optional.empty(), spoken);
        }

        Said failed(Exception cause) {
            return new Said(list, odd, Optional.of(cause), true);
        }
    }

    /**
     * A list made of those of sources.
     *
     * @param of how many of them count for it, from the first; the others may say what they want
     */
    record Chosen(List<Endpoint> list, int of) {}

    Combined(String name, List<EndpointSource> sources, Function<List<Said>, Optional<Chosen>> choice) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException(name + " was given no source, but needs at least one");
        }
        this.name = name;
        this.sources = sources;
        this.choice = choice;
    }

    static Optional<Chosen> all(List<Said> said) {
        boolean complete = said.stream().allMatch(Said::spoken);
        List<List<Endpoint>> lists =
                said.stream().flatMap(one -> one.list().stream()).toList();
        return complete && !lists.isEmpty()
                ? Optional.of(new Chosen(lists.stream().flatMap(List::stream).toList(), said.size()))
                : Optional.empty();
    }

    static Optional<Chosen> firstNonEmpty(List<Said> said) {
        for (int i = 0; i < said.size(); i++) {
            Said one = said.get(i);
            if (!one.spoken()) {
                return Optional.empty();
            }
            if (one.list().isPresent() && !one.list().get().isEmpty()) {
                return Optional.of(new Chosen(one.list().get(), i + 1));
            }
        }
        boolean anyEmpty = said.stream().anyMatch(one -> one.list().isPresent());
        return anyEmpty ? Optional.of(new Chosen(List.of(), said.size())) : Optional.empty();
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
        /** All reports, of whatever source: lists come in order. */
        private final Turns turns = new Turns();

        private final List<Said> said;
        private final List<Watch> watches = new ArrayList<>();
        private Optional<Chosen> chosen = Optional.empty();
        /** What the listener was told with the last list. */
        private Optional<Exception> toldWithList = Optional.empty();
        /** What it takes for the trouble of now: the last that it was told, unless that is over. */
        private Optional<Exception> told = Optional.empty();
        /** Whether the listener threw as it was told the last list: it may be told by a thread of another source than that list is of. */
        private boolean owed;

        private volatile boolean closed;

        Watching(Listener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            this.said = new ArrayList<>(Collections.nCopies(sources.size(), Said.NOTHING));
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
            } catch (Throwable e) { // a missing class, for one, which would leave the others running
                part.failed(Trouble.of(e, "watching for endpoints"));
                return () -> {};
            }
        }

        private void listed(int i, List<Endpoint> list, Optional<Exception> odd) {
            Optional<Exception> trouble = said.get(i).trouble();
            said.set(i, new Said(Optional.of(list), odd, Optional.empty(), true));
            if (choose() || (chosen.isPresent() && counts(i))) {
                publish();
            } else {
                over(trouble);
            }
        }

        private void confirmed(int i) {
            Optional<Exception> trouble = said.get(i).trouble();
            said.set(i, said.get(i).confirmed());
            if (chosen.isEmpty() || !counts(i) || (!owed && first(Said::trouble).isPresent())) {
                over(trouble);
            } else if (!owed && toldWithList.equals(first(Said::odd))) {
                told = toldWithList;
                listener.unchanged();
            } else {
                publish(); // a list that was not heard, or trouble told with it, which would stand until another comes
            }
        }

        private void failed(int i, Exception cause) {
            said.set(i, said.get(i).failed(cause));
            if (choose() || owed) {
                publish();
            }
            if (counts(i) && !told.equals(Optional.of(cause))) {
                tell(cause);
            }
        }

        private void tell(Exception cause) {
            listener.failed(cause);
            told = Optional.of(cause); // unless the listener has thrown
        }

        /** Trouble of one is over: if it was told last, another's that goes on is told again. */
        private void over(Optional<Exception> trouble) {
            if (trouble.isPresent() && trouble.equals(told)) {
                first(Said::trouble).ifPresent(this::tell);
            }
        }

        /** With trouble that goes on: a list alone would be taken for its end. */
        private void publish() {
            toldWithList = first(Said::trouble).or(() -> first(Said::odd));
            told = toldWithList;
            owed = true;
            chosen.map(Chosen::list)
                    .ifPresent(list -> toldWithList.ifPresentOrElse(
                            wrong -> listener.endpoints(list, wrong), () -> listener.endpoints(list)));
            owed = false;
        }

        /** Whether the list is another one now. */
        private boolean choose() {
            Optional<List<Endpoint>> before = chosen.map(Chosen::list);
            chosen = choice.apply(said);
            return !chosen.map(Chosen::list).equals(before);
        }

        /** As long as there is no list, everybody counts. */
        private boolean counts(int i) {
            return chosen.isEmpty() || i < chosen.get().of();
        }

        /** Of those who count for the list. */
        private Optional<Exception> first(Function<Said, Optional<Exception>> what) {
            return said.stream()
                    .limit(chosen.map(Chosen::of).orElse(said.size()))
                    .flatMap(one -> what.apply(one).stream())
                    .findFirst();
        }

        @Override
        public void refresh() {
            all(Watch::refresh);
        }

        @Override
        public void close() {
            closed = true;
            all(Watch::close);
        }

        /** Whatever one of them throws. */
        private void all(Consumer<Watch> what) {
            Turns.Failure failure = new Turns.Failure();
            watches.forEach(watch -> failure.unlessDone(() -> what.accept(watch)));
            failure.rethrow();
        }

        /** Listens to one of the sources. */
        private final class Part implements Listener {

            private final int i;

            Part(int i) {
                this.i = i;
            }

            @Override
            public void endpoints(List<Endpoint> all) {
                List<Endpoint> list = new ArrayList<>(all);
                inTurn(() -> listed(i, list, Optional.empty()));
            }

            @Override
            public void endpoints(List<Endpoint> all, Exception odd) {
                List<Endpoint> list = new ArrayList<>(all);
                inTurn(() -> listed(i, list, Optional.of(odd)));
            }

            @Override
            public void unchanged() {
                inTurn(() -> confirmed(i));
            }

            @Override
            public void failed(Exception cause) {
                inTurn(() -> Watching.this.failed(i, cause));
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
    }
}
