package io.evenkeel.discovery.zookeeper;

import java.util.concurrent.ThreadFactory;

/** What this package makes for itself when nothing is handed to it: threads for the client. */
final class Defaults {

    private Defaults() {}

    /** Daemons. */
    static ThreadFactory threads() {
        return Thread.ofPlatform().daemon().name("evenkeel-zookeeper-client").factory();
    }

    /** Runs {@code task} on a thread of its own. */
    static void aside(Runnable task) {
        threads().newThread(task).start();
    }
}
