package io.evenkeel.examples;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All replicas that were started. */
final class Fleet implements AutoCloseable {

    private final List<ReplicaProcess> replicas = new CopyOnWriteArrayList<>();

    /** Starts one more, and does not wait for it. */
    ReplicaProcess start() throws IOException {
        ReplicaProcess replica = ReplicaProcess.start(replicas.size() + 1);
        replicas.add(replica);
        return replica;
    }

    /** The one with a number, counted from 1. */
    ReplicaProcess replica(int number) {
        return replicas.get(number - 1);
    }

    /** Every one, dead or alive, as a registry that notices nothing would list them. */
    List<ReplicaProcess> all() {
        return replicas;
    }

    /** Ends every one, and waits until they are gone. */
    @Override
    public void close() {
        replicas.forEach(ReplicaProcess::close);
    }
}
