package io.evenkeel.balance;

import io.evenkeel.Observer;
import io.evenkeel.Outliers;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds calls back while most are answered too late: replicas that work off what nobody waits for any more do nothing else, and would not get out of it by
 * themselves, since callers come again. Then two calls are sent for each that is answered in time, and ten a second besides, and none is repeated. So a service
 * that cannot keep up works off its queue, and as soon as it answers in time it is sent twice as much with every answer. (Google, Site Reliability Engineering,
 * Handling Overload, throttles by the share of a window; answers that pace calls, as they do in TCP, are as quick as the service is.)
 *
 * <p>Late is what takes longer than it may, and eight times as long as usual: that somebody has no patience says nothing.
 *
 * <p>Threads: any. An answer takes one addition, and while calls are held back two; what is late a lock, never held for long.
 */
final class Brake {

    /** Fewer may be chance. */
    private static final int LEAST_LATE = 20;
    /** Calls for each answer in time. */
    private static final int FOR_ANSWER = 2;
    /** Answers that came together are not all followed at once. */
    private static final long MOST_SAVED = 100;

    private static final long A_CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double LATE_AFTER_USUAL = 8;
    /** Of answers, one in so many is timed. */
    private static final long TIMED = 8;
    /** Near the quickest of ten thousand: what takes long while a service cannot keep up is not usual. */
    private static final double DOWN = 0.1;

    private static final double UP = 0.00001;

    private final String name;
    private final Events events;
    private final boolean off;
    private final boolean dryRun;
    private final LongAdder inTime = new LongAdder();
    private final AtomicLong saved = new AtomicLong();
    private final AtomicLong grantedNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean on;
    /** Plain: a race costs a sample. */
    private double usualNanos;

    // Guarded by the lock: halved each second, so that what was long ago does not count.

    private long lookedNanos;
    private long inTimeThen;
    private double inTimeLately;
    private double late;

    Brake(String name, Outliers settings, Events events, long now) {
        this.name = name;
        this.events = events;
        this.off = settings.isOff();
        this.dryRun = settings.dryRun();
        this.grantedNanos = new AtomicLong(now);
        this.lookedNanos = now;
    }

    /** Whether a call may be sent now. */
    boolean lets(long now) {
        if (!on || dryRun) {
            return true;
        }
        look(now, 0);
        return !on || tokenSaved() || isTimeForOne(now);
    }

    /** Whether calls are held back, and so none is repeated. */
    boolean isOn() {
        return on && !dryRun;
    }

    private boolean tokenSaved() {
        long tokens = saved.get();
        while (tokens > 0) {
            if (saved.compareAndSet(tokens, tokens - 1)) {
                return true;
            }
            tokens = saved.get();
        }
        return false;
    }

    private boolean isTimeForOne(long now) {
        long last = grantedNanos.get();
        return now - last >= A_CALL_NANOS && grantedNanos.compareAndSet(last, now);
    }

    /** An answer came, while somebody waited for it. */
    void answered(long latencyNanos) {
        if (off) {
            return;
        }
        inTime.increment();
        if (latencyNanos % TIMED == 0) {
            double usual = usualNanos;
            usualNanos =
                    usual == 0 ? latencyNanos : usual + (latencyNanos - usual) * (latencyNanos < usual ? DOWN : UP);
        }
        if (on && saved.get() < MOST_SAVED) {
            saved.addAndGet(FOR_ANSWER);
        }
    }

    /** No answer came within so long, and nobody waits for it any more. */
    void late(long waitedNanos, long now) {
        if (!off && waitedNanos > LATE_AFTER_USUAL * usualNanos) {
            look(now, 1);
        }
    }

    private void look(long now, int more) {
        lock.lock();
        try {
            while (now - lookedNanos >= SECOND_NANOS) {
                long answers = inTime.sum();
                inTimeLately = (inTimeLately + answers - inTimeThen) / 2;
                inTimeThen = answers;
                late = late / 2;
                lookedNanos = late < 1 ? now : lookedNanos + SECOND_NANOS;
            }
            late += more;
            double answered = inTimeLately + inTime.sum() - inTimeThen;
            turn(late >= LEAST_LATE && late > answered, answered);
        } finally {
            lock.unlock();
        }
        events.tell();
    }

    private void turn(boolean isOn, double answered) {
        if (on == isOn) {
            return;
        }
        on = isOn;
        saved.set(0);
        Observer.CallsHeldBack event =
                new Observer.CallsHeldBack(name, isOn, late / Math.max(1, late + answered), dryRun);
        events.add(
                log -> {
                    if (event.begins()) {
                        log.warn(
                                "{}: {} % of the calls are not answered in time, so {} are sent until more are",
                                name, Math.round(100 * event.late()), dryRun ? "few would be" : "few");
                    } else {
                        log.info("{}: calls are answered in time again, and are all sent", name);
                    }
                },
                observer -> observer.callsHeldBack(event));
    }
}
