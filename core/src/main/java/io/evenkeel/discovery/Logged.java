package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Another source, what it says told in lines. */
record Logged(EndpointSource source, String name, Consumer<String> log) implements EndpointSource {

    private static final int MOST_IDS = 5;

    Logged {
        requireNonNull(source, "source");
        requireNonNull(name, "name");
        requireNonNull(log, "log");
    }

    @Override
    public Watch watch(Listener listener) {
        return source.watch(new Logging(requireNonNull(listener, "listener")));
    }

    /** Writes a line if there is news, and hands over. */
    private final class Logging implements Listener {

        private final Listener listener;
        private final AtomicReference<Optional<Map<String, List<Endpoint>>>> known =
                new AtomicReference<>(Optional.empty());
        /** What is wrong; empty if nothing is. */
        private final AtomicReference<String> trouble = new AtomicReference<>("");
        /** The same of the last list. */
        private volatile String wrongWithList = "";

        Logging(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void endpoints(List<Endpoint> all) {
            list(all, "");
            listener.endpoints(all);
        }

        @Override
        public void endpoints(List<Endpoint> all, Exception odd) {
            list(all, String.valueOf(odd));
            listener.endpoints(all, odd);
        }

        @Override
        public void unchanged() {
            state(wrongWithList);
            listener.unchanged();
        }

        @Override
        public void failed(Exception cause) {
            state(String.valueOf(cause));
            listener.failed(cause);
        }

        private void list(List<Endpoint> all, String wrong) {
            Map<String, List<Endpoint>> now =
                    all.stream().filter(Objects::nonNull).collect(Collectors.groupingBy(Endpoint::id));
            Optional<Map<String, List<Endpoint>>> before = known.getAndSet(Optional.of(now));
            if (!before.equals(Optional.of(now))) {
                log.accept(name + ": " + all.size() + " endpoints" + difference(before.orElse(Map.of()), now));
            }
            wrongWithList = wrong;
            state(wrong);
        }

        private void state(String wrong) {
            if (!trouble.getAndSet(wrong).equals(wrong)) {
                log.accept(name + (wrong.isEmpty() ? ": in order again" : ": trouble: " + wrong));
            }
        }
    }

    private static String difference(Map<String, List<Endpoint>> before, Map<String, List<Endpoint>> now) {
        return words(", added ", now, id -> !before.containsKey(id))
                + words(", removed ", before, id -> !now.containsKey(id))
                + words(
                        ", changed ",
                        now,
                        id -> before.containsKey(id) && !Objects.equals(now.get(id), before.get(id)));
    }

    private static String words(String what, Map<String, List<Endpoint>> all, Predicate<String> which) {
        List<String> ids = all.keySet().stream().filter(which).sorted().toList();
        if (ids.isEmpty()) {
            return "";
        }
        String first = ids.stream().limit(MOST_IDS).collect(Collectors.joining(", "));
        return what + first + (ids.size() > MOST_IDS ? " and " + (ids.size() - MOST_IDS) + " more" : "");
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
