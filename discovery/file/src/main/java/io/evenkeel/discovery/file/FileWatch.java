package io.evenkeel.discovery.file;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One running watch: each run looks at the file once and tells the listener what is new. Runs come one after the other,
 * so that only {@link #closed} is shared between threads.
 */
final class FileWatch implements Runnable {

    private static final byte[] NOTHING = {};

    private final WatchedFile file;
    private final Form form;
    private final Listener listener;
    private volatile boolean closed;

    private Reading last = new Reading.Broken("has not been read", new IllegalStateException());
    private Optional<EndpointList> published = Optional.empty();
    /** What may be half of a list, and was not believed at the last look. */
    private byte[] doubted = NOTHING;

    /** The trouble that the listener knows of; empty if it was told of none since the last list without any. */
    private String told = "";

    FileWatch(WatchedFile file, Form form, Listener listener) {
        this.file = file;
        this.form = form;
        this.listener = listener;
    }

    /** Goes on looking, the first time after one interval, until the watch is closed. */
    Watch every(Duration interval, ScheduledExecutorService scheduler) {
        long nanos = interval.toNanos();
        Future<?> looks = scheduler.scheduleWithFixedDelay(this, nanos, nanos, TimeUnit.NANOSECONDS);
        return () -> {
            closed = true;
            looks.cancel(false);
        };
    }

    @Override
    public void run() {
        if (!closed) {
            settle(look());
        }
    }

    /** What the file says now. It throws nothing, for that would silently end the watch. */
    private Reading look() {
        try {
            Optional<byte[]> changed = file.changed();
            if (changed.isPresent() && isDoubtful(changed.get())) {
                file.forget();
                return last;
            }
            return changed.isPresent() ? new Reading.Whole(form.list(changed.get())) : last;
        } catch (IOException e) {
            return new Reading.Broken(reason(e), e);
        } catch (Throwable e) {
            file.forget();
            return new Reading.Broken("cannot be read: " + Shown.text(e.toString()), e);
        }
    }

    /** Half a list is believed when it is there twice in a row, unless there is no other. */
    private boolean isDoubtful(byte[] content) {
        boolean doubtful = published.isPresent() && form.mayBeHalf(content) && !Arrays.equals(content, doubted);
        doubted = doubtful ? content : NOTHING;
        return doubtful;
    }

    private static String reason(IOException e) {
        return switch (e) {
            case UnusableException unusable -> unusable.reason();
            case NoSuchFileException ignored -> "does not exist";
            case AccessDeniedException ignored -> "cannot be read: permission denied";
            default -> "cannot be read: " + Shown.text(e.toString());
        };
    }

    private void settle(Reading now) {
        if (closed) {
            return;
        }
        switch (now) {
            case Reading.Whole whole -> accept(whole);
            case Reading.Broken broken -> doubt(broken);
        }
        last = now;
    }

    private void accept(Reading.Whole whole) {
        EndpointList list = whole.list();
        if (told.equals(list.remarks()) && published.equals(Optional.of(list))) {
            confirm();
        } else {
            publish(list);
        }
        told = list.remarks();
    }

    /** Believes in trouble when it is there twice in a row: once may be a file caught half written. */
    private void doubt(Reading.Broken broken) {
        if (published.isEmpty() || last instanceof Reading.Broken) {
            complain(broken.reason(), broken.cause());
        }
    }

    private void complain(String trouble, Throwable cause) {
        boolean news = !trouble.equals(told);
        told = trouble;
        if (news) {
            fail(new IOException(file + ": " + trouble, cause));
        }
    }

    private void publish(EndpointList list) {
        try {
            if (list.remarks().isEmpty()) {
                listener.endpoints(list.endpoints());
            } else {
                listener.endpoints(list.endpoints(), new IOException(file + ": " + list.remarks()));
            }
            published = Optional.of(list);
        } catch (Throwable e) {
            fail(new IllegalStateException("the listener threw when it was given the list in " + file, e));
        }
    }

    private void confirm() {
        try {
            listener.unchanged();
        } catch (Throwable e) {
            fail(new IllegalStateException("the listener threw when it was told that " + file + " is as it was", e));
        }
    }

    private void fail(Exception trouble) {
        if (closed) {
            return;
        }
        try {
            listener.failed(trouble);
        } catch (Throwable e) {
            // The listener is the only one to tell, and has just refused to listen: all that is left is to go on
        }
    }
}
