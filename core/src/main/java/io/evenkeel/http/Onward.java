package io.evenkeel.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A future that waits for one thing after another: cancelling it, or one that derives from it, cancels what it waits for, as the JDK's do. */
class Onward<T> extends CompletableFuture<T> {

    private volatile @Nullable Future<?> current;

    /** From now on it waits for {@code next}. */
    final void waitFor(Future<?> next) {
        current = next;
        if (isDone()) {
            next.cancel(true);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Future<?> waitedFor = current;
        if (cancelled && waitedFor != null) {
            waitedFor.cancel(mayInterruptIfRunning);
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        Onward<U> derived = new Onward<>();
        derived.waitFor(this);
        return derived;
    }
}
