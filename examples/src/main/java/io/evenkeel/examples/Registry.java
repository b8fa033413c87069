package io.evenkeel.examples;

import io.evenkeel.EndpointSource;
import java.io.IOException;
import java.util.List;

/** Where the quickstart lists its replicas. */
interface Registry extends AutoCloseable {

    /** What a balancer reads here. */
    EndpointSource source();

    /** Replaces the list. */
    void write(List<ReplicaProcess> replicas) throws IOException;

    /** What it is, in words. */
    String inWords();

    @Override
    void close();
}
