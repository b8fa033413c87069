package io.evenkeel.discovery.kubernetes;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Told;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One running watch: a round, and when it is over the next. Used by one thread at a time. */
final class SliceRounds implements Poll {

    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);

    private final ServiceName service;
    private final Selection selection;
    private final Supplier<Config> config;
    private final Patience patience;
    private final Told told;

    private @Nullable Round round;

    SliceRounds(ServiceName service, Selection selection, Supplier<Config> config, Patience patience) {
        this.service = service;
        this.selection = selection;
        this.config = config;
        this.patience = patience;
        this.told = new Told("Service " + service);
    }

    @Override
    public Duration ask(Listener listener) throws IOException, InterruptedException {
        boolean well = false;
        try {
            Duration wait = round == null ? begin(listener) : goOn(round, listener);
            well = true;
            return wait;
        } finally {
            if (!well) {
                close();
            }
        }
    }

    /** The list is told before anything is watched, which may be refused. */
    private Duration begin(Listener listener) throws IOException {
        Round begun = Round.of(service, config, patience);
        round = begun;
        begun.list();
        publish(begun, listener);
        begun.watch();
        return Duration.ZERO;
    }

    private Duration goOn(Round running, Listener listener) throws IOException, InterruptedException {
        if (running.hear()) {
            publish(running, listener);
            return Duration.ZERO;
        }
        close();
        return BETWEEN_ROUNDS;
    }

    private void publish(Round current, Listener listener) throws IOException {
        told.list(listener, new EndpointList(current.endpoints(selection), ""));
    }

    @Override
    public void close() {
        Round last = round;
        round = null;
        if (last != null) {
            last.close();
        }
    }
}
