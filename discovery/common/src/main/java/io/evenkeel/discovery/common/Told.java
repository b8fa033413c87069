package io.evenkeel.discovery.common;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a listener was told of a list that may change at any time: a list again only if it is another one, and trouble with what is
 * there only once.
 *
 * <p>Threads: one at a time.
 */
public final class Told {

    private final String who;
    private Optional<List<Endpoint>> published = Optional.empty();
    /** The trouble that it knows of; empty if there is none. */
    private String complaint = "";

    /** Nothing yet.
     *
     * @param who whose list it is, in words that every message begins with; no credentials */
    public Told(String who) {
        this.who = who;
    }

    /** Tells of the list as it is now: that it holds, or the list, and then what is odd about it, if anything is. */
    public void list(Listener listener, EndpointList list) {
        boolean same = published.equals(Optional.of(list.endpoints())) && complaint.equals(list.remarks());
        if (same) {
            listener.unchanged();
            return;
        }
        listener.endpoints(list.endpoints());
        published = Optional.of(list.endpoints()); // unless the listener has thrown
        complain(listener, list.remarks());
    }

    /** Tells that there is no list to use, and why. */
    public void trouble(Listener listener, String why) {
        complain(listener, why);
    }

    private void complain(Listener listener, String what) {
        boolean news = !what.isEmpty() && !what.equals(complaint);
        complaint = what;
        if (news) {
            listener.failed(new IOException(who + ": " + what));
        }
    }

    /** Trouble of now was told otherwise, so that what was wrong before is news again. */
    public void troubled() {
        complaint = "";
    }
}
