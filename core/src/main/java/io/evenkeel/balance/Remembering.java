package io.evenkeel.balance;

import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last good list, and who is out, in a file, and begins with them. The disk is waited for on the executor, and by whoever builds
 * and closes the balancer; never by a call, and never under the lock of {@link Updates}.
 */
final class Remembering {

    /** Between two lists that are written. */
    private static final long SPACING_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** So often it is looked whether others are out. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** What has not changed is written again: the source still stands by it. */
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** Failed health checks have no end; they are believed until some time after the next writing. */
    private static final long UNHEALTHY_NANOS = TimeUnit.MINUTES.toNanos(15);

    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Engine engine;
    private final Updates updates;
    private final LastListFile file;
    private final Duration longest;
    private final InstantSource wall;

    private final AtomicBoolean soon = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Runnable cancelLook = () -> {};
    /** When the source last stood by the list. */
    private volatile Instant asOf = Instant.EPOCH;

    private volatile long triedNanos;

    /** Held by those who write, one at a time. */
    private final ReentrantLock disk = new ReentrantLock();
    /** What is in the file; guarded by the disk's lock, as is what follows. */
    private @Nullable Lineup written;

    private long writtenNanos;
    private boolean failing;

    /** @param longest what is older is not used */
    Remembering(Engine engine, Updates updates, LastListFile file, Duration longest, InstantSource wall) {
        this.engine = engine;
        this.updates = updates;
        this.file = file;
        this.longest = longest;
        this.wall = wall;
        this.triedNanos = engine.nanoTime() - SPACING_NANOS;
    }

    /** Before the source begins. */
    void begin() {
        read().ifPresent(this::recall);
        engine.events().tell();
        updates.whenListed(this::listed);
        lookLater();
    }

    // Reading.

    private Optional<LastList> read() {
        try {
            Optional<LastList> list = file.read();
            list.ifPresent(this::checkUse);
            return list;
        } catch (IllegalArgumentException e) {
            tellNotUsed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            tellNotUsed(Events.words(e));
        }
        return Optional.empty();
    }

    private void recall(LastList list) {
        asOf = list.asOf();
        long now = wallNanos();
        updates.recall(
                list.lineup().with(absence -> absence.movedTo(now, engine.nanoTime())),
                "from the file " + file + ", as of " + list.asOf());
        Observer.ListRecalled event =
                new Observer.ListRecalled(engine.name(), list.lineup().endpoints(), file.toString(), list.asOf());
        engine.events()
                .add(
                        log -> log.info(
                                "{}: {} endpoints from the file {}, as of {}, until the source has a list",
                                event.balancer(),
                                event.endpoints().size(),
                                event.file(),
                                event.asOf()),
                        observer -> observer.listRecalled(event));
    }

    private void checkUse(LastList list) {
        if (!list.balancer().equals(engine.name())) {
            throw new IllegalArgumentException(
                    "it is that of \"" + list.balancer() + "\": each balancer needs a file of its own");
        }
        if (Duration.between(list.asOf(), wall.instant()).compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "it is as of " + list.asOf() + ", and one older than " + longest + " is not used");
        }
    }

    private void tellNotUsed(String why) {
        engine.events()
                .add(log -> log.warn("{}: the file {} is not used: {}", engine.name(), file, why), observer -> {});
    }

    // When to write.

    /** The source published a list, which was obeyed. */
    private void listed() {
        asOf = wall.instant();
        if (!closed.get() && soon.compareAndSet(false, true)) {
            long wait = Math.max(0, triedNanos + SPACING_NANOS - engine.nanoTime());
            if (later(wait, this::saveSoon) == null) {
                soon.set(false);
            }
        }
    }

    private void saveSoon() {
        soon.set(false);
        begin(this::save);
    }

    private void lookLater() {
        Runnable cancel = later(LOOK_NANOS, this::look);
        cancelLook = cancel == null ? () -> {} : cancel;
    }

    private void look() {
        if (!closed.get()) {
            begin(this::save);
            lookLater();
        }
    }

    private @Nullable Runnable later(long nanos, Runnable task) {
        try {
            return engine.ambient().later(nanos, task);
        } catch (RejectedExecutionException e) {
            engine.events().complain("scheduler", e);
            return null;
        }
    }

    /** Whether the executor takes it. */
    private boolean begin(Runnable task) {
        try {
            engine.ambient().executor().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            engine.events().complain("executor", e);
            return false;
        }
    }

    /** Writes for the last time, and waits for that; no longer than 5 s, unless the disk is waited for on this very thread. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            cancelLook.run();
            CompletableFuture<Boolean> over = new CompletableFuture<>();
            Runnable stopTimer = later(CLOSING_NANOS, () -> over.complete(false));
            if (stopTimer == null || !begin(() -> saveLast(over))) {
                saveLast(over);
            }
            over.join();
            if (stopTimer != null) {
                stopTimer.run();
            }
        }
    }

    // Writing.

    private void save() {
        if (!closed.get()) {
            save(false);
        }
    }

    private void saveLast(CompletableFuture<Boolean> over) {
        boolean interrupted = Thread.interrupted(); // it would close the file under way
        try {
            save(true);
        } finally {
            over.complete(true);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** While another writes, the next look is soon enough; but nobody waits for a disk that hangs, save for the last time. */
    private void save(boolean last) {
        if (last) {
            disk.lock();
        } else if (!disk.tryLock()) {
            return;
        }
        try {
            Lineup now = updates.lineup();
            if (!now.endpoints().isEmpty() && (last || isNews(now))) {
                save(now);
            }
        } finally {
            disk.unlock();
            engine.events().tell();
        }
    }

    private boolean isNews(Lineup now) {
        return !now.equals(written) || engine.nanoTime() - writtenNanos >= AGAIN_NANOS;
    }

    private void save(Lineup now) {
        triedNanos = engine.nanoTime();
        try {
            file.write(new LastList(engine.name(), asOfNow(), byTheWall(now)));
            written = now;
            writtenNanos = triedNanos;
            tellWorks();
        } catch (IOException | RuntimeException e) {
            tellFails(e);
        }
    }

    /** A source that reports no trouble stands by its list. */
    private Instant asOfNow() {
        if (updates.sourceError().isEmpty()) {
            asOf = wall.instant();
        }
        return asOf;
    }

    private Lineup byTheWall(Lineup lineup) {
        long now = engine.nanoTime();
        long then = wallNanos();
        return lineup.with(
                absence -> (absence.state() == EndpointState.UNHEALTHY ? absence.until(now + UNHEALTHY_NANOS) : absence)
                        .movedTo(now, then));
    }

    private long wallNanos() {
        return LastListText.nanos(wall.instant());
    }

    private void tellFails(Exception why) {
        if (!failing) {
            failing = true;
            String words = Events.words(why);
            engine.events()
                    .add(
                            log -> log.warn(
                                    "{}: the last list could not be written to {}, and is tried again: {}",
                                    engine.name(),
                                    file,
                                    words),
                            observer -> {});
        }
    }

    private void tellWorks() {
        if (failing) {
            failing = false;
            engine.events().add(log -> log.info("{}: {} is written again", engine.name(), file), observer -> {});
        }
    }
}
