package io.evenkeel.discovery.file;

import io.evenkeel.EndpointSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Endpoints listed in a file that is watched: whoever replaces the file changes the list, by default within half a
 * second.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(FileEndpoints.at(Path.of("/etc/orders/endpoints.json")))
 *         .build();
 * }
 *
 * <p><b>The file</b> is JSON in UTF-8, or, if its name ends in {@code .yaml} or {@code .yml}, YAML 1.2, at most 16 MiB: a list, or an object with a list
 * named {@code endpoints} and anything else beside it. Each entry is a URI, or an object of which only {@code uri} is required, or a group as in Prometheus's
 * {@code file_sd}:
 *
 * {@snippet lang = json:
 * [
 *   {"uri": "http://10.0.0.1:8080", "id": "a", "weight": 2, "zone": "eu-1a", "priority": 0, "tags": {"version": "2"}},
 *   "http://10.0.0.2:8080",
 *   {"targets": ["10.0.0.3:8080", "10.0.0.4:8080"], "labels": {"zone": "eu-1b", "version": "2"}}
 * ]
 * }
 *
 * <p>Fields have the ranges and defaults of {@link io.evenkeel.Endpoint}; one that is {@code null} counts as absent. A
 * tag may be a string, a number or {@code true} or {@code false}. Of a field given twice the last one counts. The labels of a group are the tags of its
 * endpoints, but for those that begin with {@code __}, of which {@code __scheme__} is heeded; {@code zone} is their zone as well.
 *
 * <p><b>What is wrong</b> is reported once, naming the file, the entry (counted from 0) and the reason, and never costs
 * more than it must:
 *
 * <ul>
 *   <li>An entry that is no endpoint is dropped and reported; the rest is used. A field that nobody knows is reported,
 *       for it may be a typing error, and its entry is used without it.
 *   <li>A file that is missing, unreadable, too large, neither JSON nor YAML or not a list, or that has entries of which none is
 *       usable, changes nothing: the last good list stays in use. It is reported when it is still so at the next look,
 *       which keeps quiet about a file caught while it was being written; before the first list, at once.
 *   <li>A list without any entry is a list, and is published as such.
 *   <li>Entries with the same id are all published, for the listener to merge.
 * </ul>
 *
 * <p><b>Replace the file in one step</b>, by renaming a new file onto it or by switching a symbolic link, as a
 * Kubernetes volume does. Writing in place is noticed as well, but a list that is valid in between may be seen. A list in YAML whose last line does not end is
 * taken at the next look, for its last entry may be half an entry.
 *
 * <p>Threads: immutable, may be shared and watched by any number of balancers. {@link #watch} reads the file once on
 * the caller's thread, so that a balancer is ready when it has been built, and then looks at it from the scheduler. The
 * listener is called by one thread at a time; what it throws is reported to it as a failure and does not end the watch. {@link
 * io.evenkeel.EndpointSource.Watch#refresh} does nothing: a file is looked at as often as set, and no sooner.
 */
public final class FileEndpoints implements EndpointSource {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Path path;
    private final Duration pollInterval;
    private final Optional<ScheduledExecutorService> scheduler;

    private FileEndpoints(Path path, Duration pollInterval, Optional<ScheduledExecutorService> scheduler) {
        this.path = path;
        this.pollInterval = pollInterval;
        this.scheduler = scheduler;
    }

    /** The endpoints in the file at {@code path}, looked at every 250 ms. The file need not exist yet. */
    public static FileEndpoints at(Path path) {
        return new FileEndpoints(path.toAbsolutePath(), Duration.ofMillis(250), Optional.empty());
    }

    /**
     * A copy that waits this long between two looks at the file: 10 ms to 1 hour, default 250 ms. A look at a file that
     * did not change asks for its attributes only.
     *
     * @throws IllegalArgumentException if {@code pollInterval} is out of range
     */
    public FileEndpoints withPollInterval(Duration pollInterval) {
        if (pollInterval.compareTo(SHORTEST) < 0 || pollInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "pollInterval is " + pollInterval + ", but must be " + SHORTEST + " to " + LONGEST);
        }
        return new FileEndpoints(path, pollInterval, scheduler);
    }

    /**
     * A copy that looks at the file from {@code scheduler}, which blocks on the file system and calls the listener
     * there. It stays the caller's to shut down, and must outlive the watches. By default each watch has a daemon
     * thread of its own, which ends when the watch is closed.
     */
    public FileEndpoints withScheduler(ScheduledExecutorService scheduler) {
        return new FileEndpoints(path, pollInterval, Optional.of(scheduler));
    }

    /**
     * Reads the file, publishes what is in it or says what is wrong with it, and returns; then goes on looking until
     * the watch is closed. A call of the listener already under way when the watch is closed is not waited for.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler set here has been shut down
     */
    @Override
    public Watch watch(Listener listener) {
        Objects.requireNonNull(listener, "listener");
        FileWatch watch = new FileWatch(new WatchedFile(path, pollInterval), Form.of(path), listener);
        watch.run();
        if (scheduler.isPresent()) {
            return watch.every(pollInterval, scheduler.get());
        }
        return onThreadOfItsOwn(watch);
    }

    private Watch onThreadOfItsOwn(FileWatch watch) {
        ScheduledExecutorService own = Defaults.scheduler(path);
        Watch polling = watch.every(pollInterval, own);
        return () -> {
            polling.close();
            own.shutdown();
        };
    }

    /** The file and how often it is looked at. */
    @Override
    public String toString() {
        return "FileEndpoints[" + path + " every " + pollInterval + "]";
    }
}
