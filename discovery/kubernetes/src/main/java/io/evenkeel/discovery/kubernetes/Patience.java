package io.evenkeel.discovery.kubernetes;

import java.time.Duration;

/**
 * How long to wait for a server.
 *
 * @param list for the whole of a list
 * @param silence for anything on a watch
 */
record Patience(Duration list, Duration silence) {

    /**
     * A server ends a question for a list after a minute itself, unless it was set otherwise. One that sends bookmarks does so each minute or so, but promises
     * nothing.
     */
    static final Patience DEFAULT = new Patience(Duration.ofMinutes(1), Duration.ofMinutes(3));
}
