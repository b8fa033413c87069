package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One watch for many, and the last good list for a while. */
final class SharedSource implements EndpointSource {

    private static final String LAST = "last";

    private final EndpointSource source;
    private final Cache<String, List<Endpoint>> lists;
    /** Held while listeners are told: each hears the lists in order. */
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    /** Of the source, while there are listeners. */
    private @Nullable Watch watch;
    /** Whether its last list had entries: an empty one is passed on, and not kept. */
    private boolean lastIsGood;

    SharedSource(EndpointSource source, Duration keep, LongSupplier nanoTime) {
        this.source = requireNonNull(source, "source");
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException("keep is " + keep + ", but must be longer than zero");
        }
        Ticker ticker = nanoTime::getAsLong;
        this.lists = Caffeine.newBuilder()
                .expireAfterWrite(keep)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Watch watch(Listener listener) {
        Member member = new Member(requireNonNull(listener, "listener"));
        lock.lock();
        try {
            List<Endpoint> last = lists.getIfPresent(LAST);
            if (last != null) {
                listener.endpoints(last);
            }
            listeners.add(member);
            if (watch == null) {
                begin(member);
            }
        } finally {
            lock.unlock();
        }
        return member;
    }

    private void begin(Member first) {
        try {
            watch = source.watch(new Everyone());
        } catch (RuntimeException e) {
            listeners.remove(first);
            throw e;
        }
    }

    @Override
    public String toString() {
        return source.toString();
    }

    /** Listens to the source, for all. */
    private final class Everyone implements Listener {

        @Override
        public void endpoints(List<Endpoint> all) {
            lock.lock();
            try {
                lastIsGood = !all.isEmpty();
                if (lastIsGood) {
                    lists.put(LAST, all);
                }
                listeners.forEach(listener -> listener.endpoints(all));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void unchanged() {
            lock.lock();
            try {
                List<Endpoint> last = lists.getIfPresent(LAST);
                if (last != null && lastIsGood) {
                    lists.put(LAST, last);
                }
                listeners.forEach(Listener::unchanged);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void failed(Exception cause) {
            lock.lock();
            try {
                listeners.forEach(listener -> listener.failed(cause));
            } finally {
                lock.unlock();
            }
        }
    }

    /** One of those who watch: what its listener throws is its own. */
    private final class Member implements Listener, Watch {

        private final Listener listener;

        Member(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void endpoints(List<Endpoint> all) {
            safely(() -> listener.endpoints(all));
        }

        @Override
        public void unchanged() {
            safely(listener::unchanged);
        }

        @Override
        public void failed(Exception cause) {
            safely(() -> listener.failed(cause));
        }

        private void safely(Runnable report) {
            try {
                report.run();
            } catch (RuntimeException e) {
                // the others are told all the same
            }
        }

        @Override
        public void refresh() {
            Watch all = running();
            if (all != null) {
                all.refresh();
            }
        }

        private @Nullable Watch running() {
            lock.lock();
            try {
                return watch;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            Watch unused = null;
            lock.lock();
            try {
                if (listeners.remove(this) && listeners.isEmpty()) {
                    unused = watch;
                    watch = null;
                }
            } finally {
                lock.unlock();
            }
            if (unused != null) {
                unused.close();
            }
        }
    }
}
