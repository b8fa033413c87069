package io.evenkeel.discovery.file;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What this package makes for itself when nothing is handed to it: the thread of a watch. */
final class Defaults {

    private Defaults() {}

    /** One daemon thread, named after the file; for the caller to shut down. */
    static ScheduledExecutorService scheduler(Path file) {
        return Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("evenkeel-file-" + file.getFileName())
                .factory());
    }
}
