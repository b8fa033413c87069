package io.evenkeel.discovery.etcd;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.common.UnusableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Asks by a connection: the first question reads all; each further one waits for news. With trouble the connection ends. */
final class EtcdPoll implements Poll {

    private static final EndpointList.Form FORM = new ValueForm();

    private final Cluster cluster;
    private final Told told;
    private @Nullable Connection connection;

    EtcdPoll(Cluster cluster) {
        this.cluster = cluster;
        this.told = new Told(cluster.toString());
    }

    @Override
    public Duration ask(Listener listener) throws Exception {
        try {
            Optional<SortedMap<String, byte[]>> values = values();
            if (values.isPresent()) {
                tell(listener, values.get());
            } else {
                close(); // too late for a watch: the next question reads all again
            }
            return Duration.ZERO;
        } catch (Throwable e) {
            told.troubled();
            close();
            throw e;
        }
    }

    private Optional<SortedMap<String, byte[]>> values() throws Exception {
        try {
            Connection running = connection;
            if (running != null) {
                return running.changed();
            }
            Connection begun = new Connection(cluster);
            connection = begun;
            return Optional.of(begun.readAll());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(cluster + ": " + Connection.words(e), e);
        }
    }

    private void tell(Listener listener, SortedMap<String, byte[]> values) {
        try {
            told.list(listener, EndpointList.ofNamed(values, FORM));
        } catch (UnusableException e) {
            told.trouble(listener, e.reason());
        }
    }

    @Override
    public void close() {
        Connection last = connection;
        connection = null;
        if (last != null) {
            last.close();
        }
    }
}
