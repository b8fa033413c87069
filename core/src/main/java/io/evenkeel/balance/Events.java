package io.evenkeel.balance;

import io.evenkeel.Observer;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells log and observer, one event at a time and in order, outside the lock under which they arose: whoever comes while
 * another tells leaves its events to that one.
 */
final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    private final Observer observer;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untold = new AtomicInteger();
    private final Set<String> complained = ConcurrentHashMap.newKeySet();
    private final String name;

    Events(String name, Observer observer) {
        this.name = name;
        this.observer = observer;
    }

    /** To be told later; may be called under a lock. */
    void add(Consumer<Logger> line, Consumer<Observer> event) {
        waiting.add(() -> {
            safely("observer", () -> line.accept(LOG));
            safely("observer", () -> event.accept(observer));
        });
    }

    /** Tells what waits. Never under a lock. */
    void tell() {
        if (waiting.isEmpty() || untold.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
            missed = untold.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Runs code of the user's: what it throws is logged once, and goes no further. */
    void safely(String who, Runnable usersCode) {
        try {
            usersCode.run();
        } catch (RuntimeException | Error e) {
            complain(who, e);
        }
    }

    /** An error in words; it may be one of the user's, whose own may fail. */
    static String words(Throwable error) {
        try {
            return error.toString();
        } catch (RuntimeException | Error e) {
            return error.getClass().getName();
        }
    }

    /** Logs, once per balancer, what is worth changing. */
    void warnOnce(String what) {
        if (isNews(what)) {
            LOG.warn("{}: {}", name, what);
        }
    }

    /** Logs, once per balancer, what is as it should be and may surprise. */
    void informOnce(String what) {
        if (isNews(what)) {
            LOG.info("{}: {}", name, what);
        }
    }

    /** Logs, once per balancer and {@code who}, that code of the user's threw. */
    void complain(String who, Throwable error) {
        if (isNews(who)) {
            LOG.warn("{}: {} threw; it is logged this once, and calls go on without it", name, who, error);
        }
    }

    /** Calls ask, again and again: only to add takes a lock. */
    private boolean isNews(String what) {
        return !complained.contains(what) && complained.add(what);
    }
}
