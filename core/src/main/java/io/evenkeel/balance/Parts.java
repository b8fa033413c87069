package io.evenkeel.balance;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a snapshot that calls have wanted, by what they want: a set of schemes, or a map of tags. Read by calls, changed
 * under the lock of {@link Updates}.
 */
final class Parts {

    /** Each costs as much to make as a snapshot. */
    static final int MOST = 64;
    /** One that nobody wants is made anew for so long. */
    private static final long IN_USE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Map<Object, Part> parts = new ConcurrentHashMap<>();

    /** One part, and when a call wanted it last, as far as that was looked at. */
    private static final class Part {

        private final Snapshot snapshot;
        private long usedNanos;
        /** Plain: a race costs nothing but a chance to stay. */
        private boolean used = true;

        Part(Snapshot snapshot, long usedNanos) {
            this.snapshot = snapshot;
            this.usedNanos = usedNanos;
        }
    }

    /** The part for what a call wants; null if there is none yet. */
    @Nullable
    Snapshot get(Object wanted) {
        Part part = parts.get(wanted);
        if (part == null) {
            return null;
        }
        if (!part.used) {
            part.used = true;
        }
        return part.snapshot;
    }

    void put(Object wanted, Snapshot snapshot, long now) {
        parts.put(wanted, new Part(snapshot, now));
    }

    boolean isFull() {
        return parts.size() >= MOST;
    }

    /** Drops one that was not used since the last time that one had to be dropped, or else any. */
    void dropOne(Consumer<Snapshot> dropped) {
        for (int round = 0; round < 2; round++) {
            Iterator<Part> all = parts.values().iterator();
            while (all.hasNext()) {
                Part part = all.next();
                if (!part.used) {
                    all.remove();
                    dropped.accept(part.snapshot);
                    return;
                }
                part.used = false;
            }
        }
    }

    /** Those that calls want, to be made anew; and the others. */
    void each(long now, BiConsumer<Object, Snapshot> inUse, Consumer<Snapshot> others) {
        parts.forEach((wanted, part) -> {
            part.usedNanos = part.used ? now : part.usedNanos;
            if (now - part.usedNanos < IN_USE_NANOS) {
                inUse.accept(wanted, part.snapshot);
            } else {
                others.accept(part.snapshot);
            }
        });
    }

    /** Takes over when a part was last used: being made anew is no use. */
    void usedAs(Parts before) {
        parts.forEach((wanted, part) -> {
            Part known = before.parts.get(wanted);
            if (known != null) {
                part.usedNanos = known.usedNanos;
                part.used = false;
            }
        });
    }
}
