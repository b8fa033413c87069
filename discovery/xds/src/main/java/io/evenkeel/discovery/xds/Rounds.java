package io.evenkeel.discovery.xds;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One stream after the other, each until it ends. Used by one thread. */
final class Rounds<Q, R> implements Poll {

    /** How long clients of the protocol usually wait for a resource before they take it for missing. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** The shortest that gRPC allows. */
    private static final Duration PING = Duration.ofSeconds(10);

    private static final Duration RAREST_PING = Duration.ofMinutes(10);
    private static final Duration RENEWAL = Duration.ofSeconds(1);

    private final Server server;
    private final Conversation<Q, R> conversation;
    private final Duration patience;
    private final LongSupplier clock;
    private Duration ping = PING;

    Rounds(Server server, Conversation<Q, R> conversation, Duration patience, LongSupplier clock) {
        this.server = server;
        this.conversation = conversation;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public Duration ask(Listener listener) throws Exception {
        boolean reached = false;
        try (AdsStream<Q, R> stream = server.open(conversation.method(), ping)) {
            conversation.begin().forEach(stream::send);
            long since = clock.getAsLong();
            while (true) {
                Optional<R> next = stream.next(patience.minusNanos(clock.getAsLong() - since));
                if (next.isPresent()) {
                    reached = true;
                    List<Q> said = conversation.take(next.get(), listener);
                    said.forEach(stream::send);
                    since = said.size() > 1 ? clock.getAsLong() : since; // something else is wanted from now on
                }
                if (clock.getAsLong() - since >= patience.toNanos()) {
                    reached = reached || stream.isConnected();
                    look(reached, listener);
                    since = clock.getAsLong();
                }
            }
        } catch (StreamEndedException end) {
            return afterwards(end, reached);
        }
    }

    /** By the clock, also while the server speaks of what is not wanted. */
    private void look(boolean reached, Listener listener) throws IOException {
        if (!reached) { // once it was, pings look after the connection
            throw new IOException(server + ": there was no connection within " + patience);
        }
        conversation.quiet(patience, listener);
    }

    /** A server may end a stream in good order, to share its clients with others, also one on which it had nothing to say, and may ask for fewer pings: neither is trouble. */
    private Duration afterwards(StreamEndedException end, boolean reached) throws IOException {
        if (end.hadTooManyPings() && ping.compareTo(RAREST_PING) < 0) {
            ping = ping.multipliedBy(2);
            return RENEWAL;
        }
        if (end.wasOrderly() && reached) {
            return RENEWAL;
        }
        throw end;
    }
}
