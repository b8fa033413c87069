package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One watch for many, and the last good list for a while. */
final class SharedSource implements EndpointSource {

    private static final String LAST = "last";

    private final EndpointSource source;
    /** The last list with entries, while the source does not stand by it. */
    private final Cache<String, Listed> kept;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Member> members = new ArrayList<>();
    /** Of the source, and who listens to it, while there are listeners. Written under the lock. */
    private volatile @Nullable Watch watch;

    private @Nullable Everyone everyone;

    SharedSource(EndpointSource source, Duration keep, LongSupplier nanoTime) {
        this.source = requireNonNull(source, "source");
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException("keep is " + keep + ", but must be longer than zero");
        }
        Ticker ticker = nanoTime::getAsLong;
        this.kept = Caffeine.newBuilder()
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
            Everyone running = everyone == null ? new Everyone() : everyone;
            running.catchUp(member);
            members.add(member);
            if (watch == null) {
                begin(running, member);
            }
        } finally {
            lock.unlock();
        }
        member.hear();
        return member;
    }

    private void begin(Everyone all, Member first) {
        everyone = all;
        try {
            watch = source.watch(all);
        } catch (Throwable e) { // a missing class, for one
            everyone = null;
            members.remove(first);
            first.closed = true;
            throw e;
        }
    }

    private @Nullable Watch end() {
        if (everyone != null) {
            everyone.keep();
        }
        Watch ended = watch;
        everyone = null;
        watch = null;
        return ended;
    }

    @Override
    public String toString() {
        return source.toString();
    }

    /** Listens to the source, for all, until its watch is closed: a source may say more, which is then out of date. */
    private final class Everyone implements Listener {

        /** If there was one. */
        private Optional<Listed> last = Optional.empty();

        private @Nullable Exception trouble;

        /** Tells {@code newcomer} what it has missed: the last good list, then that the source has an empty one now. */
        void catchUp(Member newcomer) {
            keep();
            Listed good = kept.getIfPresent(LAST);
            if (good != null) {
                newcomer.later(good::tell);
            }
            last.filter(Listed::isEmpty).ifPresent(empty -> newcomer.later(empty::tell));
            Exception now = trouble;
            if (now != null) {
                newcomer.later(listener -> listener.failed(now));
            }
        }

        /** Silence is consent: until now, the source stands by its list. */
        void keep() {
            if (trouble == null) {
                last.filter(list -> !list.isEmpty()).ifPresent(good -> kept.put(LAST, good));
            }
        }

        @Override
        public void endpoints(List<Endpoint> all) {
            listed(Listed.of(all, null));
        }

        @Override
        public void endpoints(List<Endpoint> all, Exception odd) {
            listed(Listed.of(all, odd));
        }

        private void listed(Listed now) {
            report(() -> {
                keep();
                last = Optional.of(now);
                trouble = null;
                tellAll(now::tell);
            });
        }

        @Override
        public void unchanged() {
            report(() -> {
                trouble = null;
                tellAll(Listener::unchanged);
            });
        }

        @Override
        public void failed(Exception cause) {
            report(() -> {
                keep();
                trouble = cause;
                tellAll(listener -> listener.failed(cause));
            });
        }

        private void tellAll(Consumer<Listener> report) {
            members.forEach(member -> member.later(report));
        }

        private void report(Runnable report) {
            List<Member> all;
            lock.lock();
            try {
                if (everyone == this) {
                    report.run();
                }
                all = List.copyOf(members);
            } finally {
                lock.unlock();
            }
            all.forEach(Member::hear);
        }
    }

    /** One of those who watch: what its listener throws is its own. */
    private final class Member implements Listener, Watch {

        private final Listener listener;
        /** It hears all in order, and as it comes it waits for nobody. Who reports tells one after the other: a slow listener holds back those that came after it. */
        private final Turns turns = new Turns();

        private volatile boolean closed;

        Member(Listener listener) {
            this.listener = listener;
        }

        /** It is to be told so; under the lock, for the order. */
        void later(Consumer<Listener> report) {
            turns.add(() -> report.accept(this));
        }

        /** What waits; if the source reports as it begins, once that is done. */
        void hear() {
            if (!lock.isHeldByCurrentThread()) {
                turns.run();
            }
        }

        @Override
        public void endpoints(List<Endpoint> all) {
            safely(() -> listener.endpoints(all));
        }

        @Override
        public void endpoints(List<Endpoint> all, Exception odd) {
            safely(() -> listener.endpoints(all, odd));
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
                if (!closed) {
                    report.run();
                }
            } catch (Throwable e) {
                // the others are told all the same
            }
        }

        @Override
        public void refresh() {
            Watch all = watch; // without the lock: who asks may hold one that a listener waits for
            if (all != null) {
                all.refresh();
            }
        }

        @Override
        public void close() {
            Watch unused = null;
            closed = true;
            lock.lock();
            try {
                if (members.remove(this) && members.isEmpty()) {
                    unused = end();
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
