package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
        requireNonNull(listener, "listener");
        AtomicReference<Set<String>> known = new AtomicReference<>(Set.of());
        AtomicBoolean troubled = new AtomicBoolean();
        return source.watch(new Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                tell(all);
                listener.endpoints(all);
            }

            @Override
            public void endpoints(List<Endpoint> all, Exception odd) {
                tell(all);
                log.accept(name + ": trouble: " + odd);
                listener.endpoints(all, odd);
            }

            private void tell(List<Endpoint> all) {
                Set<String> now =
                        all.stream().filter(Objects::nonNull).map(Endpoint::id).collect(Collectors.toUnmodifiableSet());
                Set<String> before = known.getAndSet(now);
                if (troubled.getAndSet(false) || !now.equals(before)) {
                    log.accept(name + ": " + all.size() + " endpoints" + words(", added ", without(now, before))
                            + words(", removed ", without(before, now)));
                }
            }

            @Override
            public void unchanged() {
                if (troubled.getAndSet(false)) {
                    log.accept(name + ": in order again, the list is as it was");
                }
                listener.unchanged();
            }

            @Override
            public void failed(Exception cause) {
                troubled.set(true);
                log.accept(name + ": trouble: " + cause);
                listener.failed(cause);
            }
        });
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> left = new HashSet<>(some);
        left.removeAll(others);
        return left;
    }

    private static String words(String what, Set<String> ids) {
        if (ids.isEmpty()) {
            return "";
        }
        String first = ids.stream().sorted().limit(MOST_IDS).collect(Collectors.joining(", "));
        return what + first + (ids.size() > MOST_IDS ? " and " + (ids.size() - MOST_IDS) + " more" : "");
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
