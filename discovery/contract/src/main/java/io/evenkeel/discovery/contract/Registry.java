package io.evenkeel.discovery.contract;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A real registry, in the hand of a test. It keeps its address over its life, and its content as far as a user would expect. */
@SuppressWarnings("try") // closing may wait, and be interrupted
public interface Registry extends AutoCloseable {

    /** What can be done to a registry beside ending and stopping its process, as far as it makes sense for its kind. */
    enum Fault {
        /** The process is stopped, and goes on later (SIGSTOP, SIGCONT), or the like. */
        STOPPED,
        /** What it answers is garbage. */
        GARBAGE,
        /** What it answers is larger than anybody can use. */
        HUGE,
        /** It answers, but slower than anybody waits. */
        SLOW,
        /** It takes our credentials no more. */
        DENIED
    }

    /** A new source that reads what is published here. */
    EndpointSource source() throws Exception;

    /** The same, that gives up sooner on one who is silent, where it can be told to: faults of which it is to hear then last no longer than they must. */
    default EndpointSource impatientSource() throws Exception {
        return source();
    }

    /** Makes this the whole list, and returns once the registry has taken it. What the registry cannot hold of an endpoint may be left out. */
    void publish(List<Endpoint> endpoints) throws Exception;

    /** Ends the process at once (SIGKILL), or the server if it is one of this JVM. */
    void kill() throws Exception;

    /** Starts it again, at the same address, and returns once it answers. What it forgets over a restart is published again. */
    void start() throws Exception;

    /** Waits until whoever has its list is also told of changes, where that is a second question. */
    default void settle() throws Exception {}

    /** Which faults it knows. */
    default Set<Fault> faults() {
        return Set.of();
    }

    /** Those of them of which a source hears nothing, for a reason that is given where they are named: calls go on, and no more is asked of it. */
    default Set<Fault> unheard() {
        return Set.of();
    }

    /** How often {@link #harm} alone is heard as trouble, before anybody meets the fault: once, where it ends connections. */
    default int troublesOfHarm(Fault fault) {
        return 0;
    }

    /** From now on, until {@link #mend}. */
    default void harm(Fault fault) throws Exception {
        throw new UnsupportedOperationException(fault.toString());
    }

    /** Ends every fault. */
    default void mend() throws Exception {}

    /** Its port, of which no connection may be left open when a watch was closed; empty where there are none. */
    default Optional<Integer> port() {
        return Optional.empty();
    }

    /** What no message may show: a token or a password. */
    default Optional<String> secret() {
        return Optional.empty();
    }

    @Override
    void close() throws Exception;
}
