package io.evenkeel.discovery.xds;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

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
    private Duration ping = PING;

    Rounds(Server server, Conversation<Q, R> conversation, Duration patience) {
        this.server = server;
        this.conversation = conversation;
        this.patience = patience;
    }

    @Override
    public Duration ask(Listener listener) throws Exception {
        boolean answered = false;
        try (AdsStream<Q, R> stream = server.open(conversation.method(), ping)) {
            conversation.begin().forEach(stream::send);
            while (true) {
                Optional<R> next = stream.next(patience);
                if (next.isPresent()) {
                    answered = true;
                    conversation.take(next.get(), listener).forEach(stream::send);
                } else if (stream.isConnected()) {
                    conversation.quiet(patience, listener);
                } else {
                    throw new IOException(server + ": there was no connection within " + patience);
                }
            }
        } catch (StreamEndedException end) {
            return afterwards(end, answered);
        }
    }

    /** A server may end a stream in good order, to share its clients with others, and may ask for fewer pings: neither is trouble. */
    private Duration afterwards(StreamEndedException end, boolean answered) throws IOException {
        if (end.hadTooManyPings() && ping.compareTo(RAREST_PING) < 0) {
            ping = ping.multipliedBy(2);
            return RENEWAL;
        }
        if (end.wasOrderly() && answered) {
            return RENEWAL;
        }
        throw end;
    }
}
