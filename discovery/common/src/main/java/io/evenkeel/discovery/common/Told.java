package io.evenkeel.discovery.common;

import io.evenkeel.EndpointSource.Listener;
import java.io.IOException;
import java.util.Optional;

/**
 * What a listener was told of a list that may change at any time: a list again only if it is another one, else that it holds, and trouble with
 * what is there only once.
 *
 * <p>Threads: one at a time.
 */
public final class Told {

    private final String who;
    private Optional<EndpointList> published = Optional.empty();
    /** The trouble that it knows of; empty if there is none. */
    private String complaint = "";

    /** Nothing yet.
     *
     * @param who whose list it is, in words that every message begins with; no credentials */
    public Told(String who) {
        this.who = who;
    }

    /** Tells of the list as it is now: that it holds, or the list with what is odd about it, if one of them is news. */
    public void list(Listener listener, EndpointList list) {
        boolean knowsWhatIsOdd = list.remarks().isEmpty() || list.remarks().equals(complaint);
        if (knowsWhatIsOdd && published.equals(Optional.of(list))) {
            listener.unchanged();
        } else if (list.remarks().isEmpty()) {
            listener.endpoints(list.endpoints());
        } else {
            listener.endpoints(list.endpoints(), new IOException(who + ": " + list.remarks()));
        }
        published = Optional.of(list); // unless the listener has thrown
        complaint = list.remarks();
    }

    /** Tells of a list that may be out of date: if it is as it was, that confirms nothing, and only what is odd about it is told, as trouble. */
    public void doubtful(Listener listener, EndpointList list) {
        if (published.map(EndpointList::endpoints).equals(Optional.of(list.endpoints()))) {
            trouble(listener, list.remarks());
        } else {
            list(listener, list);
        }
    }

    /** Tells that the last list holds. */
    public void unchanged(Listener listener) {
        published.ifPresentOrElse(last -> list(listener, last), listener::unchanged);
    }

    /** Tells what is wrong, if that is news; nothing is if it is empty. The last list stays in use. */
    public void trouble(Listener listener, String what) {
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

    /** Whose list it is. */
    @Override
    public String toString() {
        return who;
    }
}
