package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slices, as far as the server has told of them. The client's threads change them as they hear of changes, so that nothing piles up while a listener
 * takes its time; one other thread waits for that.
 */
final class Known implements Watcher<EndpointSlice> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final Map<String, EndpointSlice> slices = new TreeMap<>();
    /** Since somebody waited for it last. */
    private boolean news;

    private boolean heard;
    private Optional<End> end = Optional.empty();

    /** How a watch ended. */
    record End(Optional<WatcherException> cause) {}

    /** Puts those of a list. */
    void putAll(Collection<EndpointSlice> list) {
        locked(() -> list.forEach(this::put));
    }

    private void put(EndpointSlice slice) {
        slices.put(slice.getMetadata().getName(), slice);
    }

    /** What is no slice ends the watch, which the client would go on with. */
    @Override
    public void eventReceived(Action action, EndpointSlice slice) {
        locked(() -> {
            try {
                take(action, slice);
            } catch (RuntimeException e) {
                end(Optional.of(new WatcherException("a change is none", e)));
            }
        });
    }

    /** A bookmark, which is a slice without content, says how things are as well: that we know all there is. */
    private void take(Action action, EndpointSlice slice) {
        switch (action) {
            case ADDED, MODIFIED -> put(slice);
            case DELETED -> slices.remove(slice.getMetadata().getName());
            case BOOKMARK -> {}
            case ERROR -> {
                return; // the end is near
            }
        }
        heard = true;
        news = true;
    }

    @Override
    public void onClose() {
        locked(() -> end(Optional.empty()));
    }

    @Override
    public void onClose(WatcherException cause) {
        locked(() -> end(Optional.of(cause)));
    }

    private void end(Optional<WatcherException> cause) {
        end = end.or(() -> Optional.of(new End(cause)));
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            told.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the watch has said how things are since this was asked last; false if it has ended, or says nothing for so long. */
    boolean awaitNews(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (!news && end.isEmpty() && left > 0) {
                left = told.awaitNanos(left);
            }
            boolean is = news;
            news = false;
            return is;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the watch has ever said how things are. */
    boolean hasHeard() {
        lock.lock();
        try {
            return heard;
        } finally {
            lock.unlock();
        }
    }

    /** How it ended, if it has. */
    Optional<End> end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Those of now. */
    List<EndpointSlice> slices() {
        lock.lock();
        try {
            return List.copyOf(slices.values());
        } finally {
            lock.unlock();
        }
    }
}
