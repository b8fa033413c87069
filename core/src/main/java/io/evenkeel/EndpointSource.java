package io.evenkeel;

import java.util.List;

/**
 * Where endpoints come from. A source publishes whole lists, or an error: never an error as an empty list.
 *
 * <p>Threads: {@link #watch} is called once by each balancer, returns at once, and may call the listener before it
 * returns; afterwards the source calls the listener from any thread.
 */
@FunctionalInterface
public interface EndpointSource {

    /** Begins to publish to {@code listener}, until the watch is closed. */
    Watch watch(Listener listener);

    /** A source with one list that never changes. An empty one is held, not obeyed. */
    static EndpointSource of(List<Endpoint> endpoints) {
        List<Endpoint> list = List.copyOf(endpoints);
        return listener -> {
            listener.endpoints(list);
            return () -> {};
        };
    }

    /** Where a source reports. Threads: all methods may be called by any thread, at any time, also concurrently. */
    interface Listener {

        /** The whole list as it is now. Null entries are dropped and reported,
         * entries of the same id merged, their weights added. */
        void endpoints(List<Endpoint> all);

        /** The same of a list that is used, though there is something odd about it, such as entries that were left out: that is reported like trouble, and stands until another
         * list comes. Unless overridden, it is told as a list and then as trouble. */
        default void endpoints(List<Endpoint> all, Exception odd) {
            endpoints(all);
            failed(odd);
        }

        /** The last list still holds: it becomes no older ({@link BalancerStats#listAge}), and trouble reported since is over. Does nothing unless overridden. */
        default void unchanged() {}

        /** Trouble: the last list stays in use, and the error is reported to logs and observer. */
        void failed(Exception cause);
    }

    /** A running watch; closing it stops threads, timers and connections of the source. Closing twice is harmless. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {

        /** Somebody has cause to doubt the last list: a replica fails. A source that asks now and then may ask at once, unless it has just done so. Returns at once;
         * does nothing unless overridden. Threads: any. */
        default void refresh() {}

        @Override
        void close();
    }
}
