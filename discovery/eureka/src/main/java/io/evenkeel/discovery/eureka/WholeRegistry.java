package io.evenkeel.discovery.eureka;

import io.evenkeel.discovery.common.Web;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for everything once, and then for what has changed, as Eureka's own clients do. A delta is no answer to what has changed since when: it is
 * what this one server has seen change during the last three minutes. So it is applied only to what the same server said not long ago.
 *
 * <p>That the counts agree afterwards does not prove much (one gone and another come leaves them as they were), so everything is asked for again
 * now and then in any case.
 */
final class WholeRegistry implements Question {

    /** Of the three minutes one is left for the age of what a server's cache holds. */
    private static final long MOST_GAP_NANOS = Duration.ofMinutes(2).toNanos();

    private static final long MOST_AGE_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final Registry registry;
    private final LongSupplier nanoTime;
    /** Whose registry we know; nobody's after trouble. */
    private @Nullable Server known;

    private long answeredNanos;
    private long wholeNanos;

    WholeRegistry(String application, LongSupplier nanoTime) {
        this.registry = new Registry(application);
        this.nanoTime = nanoTime;
    }

    @Override
    public List<Instance> ask(Server server) throws IOException, InterruptedException {
        long now = nanoTime.getAsLong();
        boolean followed =
                server.equals(known) && now - answeredNanos < MOST_GAP_NANOS && now - wholeNanos < MOST_AGE_NANOS;
        known = null;
        if (!followed || !learnChanges(server)) {
            registry.replace(Answers.everything(server.get("apps")));
            wholeNanos = now;
        }
        answeredNanos = now;
        known = server;
        return registry.instances();
    }

    /** Whether that was enough: a server may have deltas switched off, or we may have missed one. */
    private boolean learnChanges(Server server) throws IOException, InterruptedException {
        Web.Answer answer = server.get("apps/delta");
        return answer.status() != FORBIDDEN
                && answer.status() != NOT_FOUND
                && registry.apply(Answers.everything(answer));
    }
}
