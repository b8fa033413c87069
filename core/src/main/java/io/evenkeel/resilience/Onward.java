package io.evenkeel.resilience;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A future that waits for one thing after another: cancelling it, or one that derives from it, cancels what it waits for, as the JDK's do;
 * so does completing it in any way but by {@link #answer} or {@link #fail}.
 */
public class Onward<T> extends CompletableFuture<T> {

    private final @Nullable CompletableFuture<?> origin;
    private volatile @Nullable CompletionStage<?> current;

    public Onward() {
        this(null);
    }

    private Onward(@Nullable CompletableFuture<?> origin) {
        this.origin = origin;
    }

    /** From now on it waits for {@code next}. */
    public final void waitFor(CompletionStage<?> next) {
        current = next;
        if (isDone()) {
            cancel(next);
        }
    }

    private void cancelCurrent() {
        CompletionStage<?> waitedFor = current;
        if (waitedFor != null) {
            cancel(waitedFor);
        }
    }

    /** Does nothing once the stage is done, or if it is of a kind that cannot be cancelled. */
    public static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // it runs to its end
        }
    }

    /** False if it is done already, and nobody will see {@code value}. */
    public final boolean answer(@Nullable T value) {
        return super.complete(value);
    }

    /** As futures of the JDK's client do, this tells its stages an error within a CompletionException, but for a cancellation. */
    public final void fail(Throwable error) {
        boolean bare = !(error instanceof CompletionException || error instanceof CancellationException);
        super.completeExceptionally(bare ? new CompletionException(error) : error);
    }

    @Override
    public void obtrudeValue(@Nullable T value) {
        throw new UnsupportedOperationException("a call's result cannot be replaced");
    }

    @Override
    public void obtrudeException(Throwable error) {
        throw new UnsupportedOperationException("a call's result cannot be replaced");
    }

    @Override
    public boolean complete(@Nullable T value) {
        boolean completed = super.complete(value);
        cancelCurrent();
        return completed;
    }

    @Override
    public boolean completeExceptionally(Throwable error) {
        boolean completed = super.completeExceptionally(error);
        cancelCurrent();
        return completed;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            cancelCurrent();
        }
        if (cancelled && origin != null) {
            origin.cancel(mayInterruptIfRunning);
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Onward<>(this);
    }
}
