package io.evenkeel.balance;

import io.evenkeel.Observer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the source has said of late. Written under the lock of {@link Updates}, but for the age of the list; read by anybody. */
final class SourceState {

    private final Engine engine;
    private volatile @Nullable Exception error;
    /** What was wrong with its last list, or with entries of it. */
    private volatile @Nullable Exception errorOfList;
    /** Whether it has reported trouble, or a list with which something was wrong, since it was in order last, and since when. */
    private boolean troubled;

    private long troubledSinceNanos;
    /** Whether its last list was of no use. */
    private volatile boolean unusable;
    /** Where the list is from, as long as it is not the source's; else empty. */
    private volatile String origin = "";

    private volatile long stoodByNanos;
    /** Whether there was a list. */
    private volatile boolean listed;

    SourceState(Engine engine) {
        this.engine = engine;
    }

    /** What it last reported, if that was trouble. */
    Optional<Exception> error() {
        return Optional.ofNullable(error);
    }

    /** The same, or that it has said nothing yet while a list of another origin is in use. */
    Optional<Exception> errorOrSilence() {
        Optional<Exception> trouble = error();
        return trouble.isPresent() || origin.isEmpty()
                ? trouble
                : Optional.of(new IllegalStateException("the source has no list yet: the endpoints are " + origin));
    }

    /** Since it last stood by its list. */
    Optional<Duration> listAge() {
        return listed ? Optional.of(Duration.ofNanos(Math.max(0, engine.nanoTime() - stoodByNanos))) : Optional.empty();
    }

    /** Where the list is from, as long as it is not the source's, in words; else empty. */
    String origin() {
        return origin;
    }

    /** Whether nothing was reported since the last list: that it holds is no news then. */
    boolean isAsListed() {
        return Objects.equals(error, errorOfList);
    }

    /** A list of another origin is in use. */
    void recalled(String from) {
        origin = from;
    }

    /** It published a list that is used, with this trouble about its entries. */
    void listed(List<Exception> troubles) {
        troubles.forEach(this::tell);
        errorOfList = troubles.isEmpty() ? null : troubles.getLast();
        origin = "";
        unusable = false;
        listed = true;
        unchanged();
    }

    /** The last list holds, and so does what was wrong with it; other trouble is over. */
    void unchanged() {
        confirmed();
        Exception wrong = errorOfList;
        if (wrong == null) {
            error = null;
            recovered();
        } else {
            tell(wrong);
            trouble();
        }
    }

    /** The same, if it {@link #isAsListed}: any thread may say so. Nobody stands by a list that was of no use. */
    void confirmed() {
        if (!unusable) {
            stoodByNanos = engine.nanoTime();
        }
    }

    private void recovered() {
        if (!troubled) {
            return;
        }
        troubled = false;
        Observer.SourceRecovered event =
                new Observer.SourceRecovered(engine.name(), Duration.ofNanos(engine.nanoTime() - troubledSinceNanos));
        engine.events()
                .add(
                        log -> log.info("{}: the source is in order again, after {}", engine.name(), event.after()),
                        observer -> observer.sourceRecovered(event));
    }

    /** It published nothing that could be used; {@code told} if everybody was told so. */
    void unusable(Exception why, boolean told) {
        if (told) {
            error = why;
        } else {
            tell(why);
        }
        errorOfList = why;
        unusable = true;
        trouble();
    }

    void failed(Exception cause) {
        tell(cause);
        trouble();
    }

    private void trouble() {
        if (!troubled) {
            troubled = true;
            troubledSinceNanos = engine.nanoTime();
        }
    }

    /** The same again is no news. */
    private void tell(Exception cause) {
        Exception before = error;
        error = cause;
        if (before != null && Events.words(before).equals(Events.words(cause))) {
            return;
        }
        engine.events()
                .add(
                        log -> log.warn("{}: the source reports trouble: {}", engine.name(), Events.words(cause)),
                        observer -> observer.sourceFailed(new Observer.SourceFailed(engine.name(), cause)));
    }
}
