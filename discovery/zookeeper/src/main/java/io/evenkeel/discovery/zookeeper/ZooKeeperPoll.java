package io.evenkeel.discovery.zookeeper;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.common.UnusableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Asks by a session: the first question begins it and reads all; each further one waits for news. With trouble the session ends. */
final class ZooKeeperPoll implements Poll {

    private static final EndpointList.Form FORM = new ChildForm();

    private final Ensemble ensemble;
    private final Told told;
    private @Nullable Session session;

    ZooKeeperPoll(Ensemble ensemble) {
        this.ensemble = ensemble;
        this.told = new Told(ensemble.toString());
    }

    @Override
    public Duration ask(Listener listener) throws Exception {
        try {
            tell(listener, children());
            return Duration.ZERO;
        } catch (Throwable e) {
            told.troubled();
            close();
            throw e;
        }
    }

    private Optional<SortedMap<String, byte[]>> children() throws Exception {
        try {
            Session running = session;
            if (running != null) {
                return running.changed();
            }
            Session begun = new Session(ensemble);
            session = begun;
            return begun.begin();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(ensemble + ": " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    private void tell(Listener listener, Optional<SortedMap<String, byte[]>> children) {
        if (children.isEmpty()) {
            told.trouble(listener, "the node does not exist");
            return;
        }
        try {
            told.list(listener, EndpointList.ofNamed(children.get(), FORM));
        } catch (UnusableException e) {
            told.trouble(listener, e.reason());
        }
    }

    @Override
    public void close() {
        Session last = session;
        session = null;
        if (last != null) {
            last.close();
        }
    }
}
