package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.PollingSource.Poll;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One running watch of a {@link PollingSource}: asks, waits, and asks again. Only {@link #closed} and the pauses are shared between threads. */
final class PollingWatch implements Watch, Runnable {

    private static final double JITTER = 0.1;

    private final Supplier<? extends Poll> polls;
    private final Listener listener;
    private final PollingSource.Pace pace;
    private final Pauses pauses;
    private final RandomGenerator random;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    private @Nullable Poll poll;
    /** The longest that the next wait after trouble may be. */
    private long backoffNanos;
    /** Whether a question since the last trouble has brought a list, or that the last holds. */
    private boolean answered;
    /** When the wait after the last trouble was over, or all began. */
    private long calmSinceNanos;

    PollingWatch(
            Supplier<? extends Poll> polls,
            Listener listener,
            PollingSource.Pace pace,
            Pauses pauses,
            RandomGenerator random) {
        this.polls = polls;
        this.listener = listener;
        this.pace = pace;
        this.pauses = pauses;
        this.random = random;
        this.backoffNanos = pace.firstBackoff().toNanos();
        this.calmSinceNanos = pauses.nanoTime();
    }

    /** The same, running on {@code started}. */
    PollingWatch on(Thread started) {
        thread = started;
        return this;
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                askUndisturbed();
            }
        } finally {
            Poll last = poll;
            if (last != null) {
                last.close();
            }
        }
    }

    private void askUndisturbed() {
        try {
            askAndWait();
        } catch (InterruptedException e) {
            // closed, or by somebody who has no business with this thread
        }
    }

    private void askAndWait() throws InterruptedException {
        long began = pauses.nanoTime();
        try {
            rest(poll().ask(published).toNanos(), began);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) { // a missing class, for one, which would end the watch without a word
            fail(Trouble.of(e, "asking for endpoints"));
            restAfterTrouble();
        }
    }

    private void rest(long wait, long began) throws InterruptedException {
        if (wait > 0) { // otherwise the answer may be one half, such as a list whose watch then breaks
            backoffNanos = pace.firstBackoff().toNanos();
        }
        long jittered = wait - (long) (wait * JITTER * random.nextDouble());
        long soonest = pace.refreshEvery().toNanos() - (pauses.nanoTime() - began);
        await(Math.clamp(soonest, 0, jittered), jittered);
    }

    private void restAfterTrouble() throws InterruptedException {
        long now = pauses.nanoTime();
        if (answered && now - calmSinceNanos >= pace.mostBackoff().toNanos()) { // the trouble before was over
            backoffNanos = pace.firstBackoff().toNanos();
        }
        long wait = backoff();
        answered = false;
        calmSinceNanos = now + wait;
        await(wait, wait);
    }

    /** Whoever was asked, or told, may have swallowed the interrupt that came with the close. */
    private void await(long least, long most) throws InterruptedException {
        if (!closed) {
            pauses.await(least, most);
        }
    }

    private Poll poll() {
        Poll made = poll;
        if (made == null) {
            made = polls.get();
            poll = made;
        }
        return made;
    }

    private long backoff() {
        long wait = backoffNanos;
        backoffNanos = Math.min(2 * wait, pace.mostBackoff().toNanos());
        return (long) (wait / 2.0 * (1 + random.nextDouble()));
    }

    private void fail(Exception trouble) {
        try {
            published.failed(trouble);
        } catch (Throwable e) {
            // the listener is the only one to tell, and has just refused to listen
        }
    }

    /** The listener, who hears nothing after the watch was closed. */
    private final Listener published = new Listener() {
        @Override
        public void endpoints(List<Endpoint> all) {
            if (!closed) {
                answered = true;
                listener.endpoints(all);
            }
        }

        @Override
        public void endpoints(List<Endpoint> all, Exception odd) {
            if (!closed) {
                answered = true;
                listener.endpoints(all, odd);
            }
        }

        @Override
        public void unchanged() {
            if (!closed) {
                answered = true;
                listener.unchanged();
            }
        }

        @Override
        public void failed(Exception cause) {
            if (!closed) {
                listener.failed(cause);
            }
        }
    };

    @Override
    public void refresh() {
        pauses.wake();
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
