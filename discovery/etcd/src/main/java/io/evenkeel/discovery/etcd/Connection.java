package io.evenkeel.discovery.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.evenkeel.discovery.common.Changes;
import io.evenkeel.discovery.common.Shown;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to etcd, for the keys of one prefix: reads them at one revision, and watches them from the next. It is over with the first trouble, for whatever was missed meanwhile is had by
 * reading all again.
 *
 * <p>Threads: one at a time; the client adds to {@link #changes} from its own.
 */
final class Connection implements AutoCloseable {

    private static final Duration TO_CONNECT = Duration.ofSeconds(1);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);
    private static final Duration BURST = Duration.ofMillis(20);
    /** After this long without news a key is asked for, to know that there could be some. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private static final int MOST_BYTES = 64 << 20;

    private final ByteSequence prefix;
    private final Client client;
    private final Changes<WatchEvent> changes = new Changes<>();
    /** By the rest of the key, after the prefix. */
    private final SortedMap<String, byte[]> values = new TreeMap<>();

    private long revision;
    private @Nullable Watcher watcher;

    Connection(Cluster cluster) throws SSLException {
        prefix = bytes(cluster.prefix());
        client = client(cluster);
    }

    /** Without repeats of its own, which would hide trouble. */
    private static Client client(Cluster cluster) throws SSLException {
        ClientBuilder builder = Client.builder()
                .endpoints(Defaults.shuffled(cluster.endpoints())) // it takes the first that it reaches
                .connectTimeout(TO_CONNECT)
                .waitForReady(false)
                .retryMaxAttempts(0)
                .maxInboundMessageSize(MOST_BYTES);
        if (cluster.user().isPresent()) {
            Cluster.User user = cluster.user().get();
            builder.user(bytes(user.name())).password(bytes(user.password().get()));
        }
        if (cluster.tls()) {
            builder.sslContext(tls -> cluster.trust().ifPresent(ca -> tls.trustManager(ca.toFile())));
        }
        return builder.build();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    /** Reads what the keys hold. */
    SortedMap<String, byte[]> readAll() throws Exception {
        GetResponse all = get(GetOption.builder().isPrefix(true).build());
        values.clear();
        all.getKvs().forEach(this::put);
        revision = all.getHeader().getRevision();
        return values;
    }

    private GetResponse get(GetOption what) throws Exception {
        try {
            return client.getKVClient().get(prefix, what).get(TO_ANSWER.toNanos(), NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + TO_ANSWER, e);
        }
    }

    private void put(KeyValue pair) {
        values.put(name(pair), pair.getValue().getBytes());
    }

    private String name(KeyValue pair) {
        return pair.getKey().substring(prefix.size()).toString(UTF_8);
    }

    /** Waits for news after what was read, or a few seconds if there is none, and gives what all keys hold then; empty if the past of which it would be news is forgotten. */
    Optional<SortedMap<String, byte[]>> changed() throws Exception {
        if (watcher == null) {
            watcher = watch();
        }
        try {
            List<WatchEvent> events = changes.take(QUIET, BURST);
            events.forEach(this::apply);
            if (events.isEmpty()) {
                get(GetOption.builder().withCountOnly(true).build());
            }
            return Optional.of(values);
        } catch (CompactedException e) {
            return Optional.empty();
        }
    }

    private Watcher watch() {
        WatchOption what = WatchOption.builder()
                .isPrefix(true)
                .withRevision(revision + 1)
                .withRequireLeader(true)
                .build();
        return client.getWatchClient()
                .watch(
                        prefix,
                        what,
                        Watch.listener(
                                response -> response.getEvents().forEach(changes::add),
                                error -> changes.end(error instanceof Exception cause ? cause : new IOException(error)),
                                () -> changes.end(new IOException("the server ended the watch"))));
    }

    private void apply(WatchEvent event) {
        switch (event.getEventType()) {
            case PUT -> put(event.getKeyValue());
            case DELETE -> values.remove(name(event.getKeyValue()));
            default -> {
                // none that there is today
            }
        }
    }

    /** What went wrong, and the first reason that says more: the client's own words are often "io exception". */
    static String words(Exception trouble) {
        String words = firstLine(trouble);
        for (Throwable each = trouble.getCause(); each != null; each = each.getCause()) {
            if (each.getMessage() != null && !each.getMessage().contains(words)) {
                return Shown.text(words + ": " + firstLine(each));
            }
        }
        return Shown.text(words);
    }

    /** Other lines may tell of the client's inner parts. */
    private static String firstLine(Throwable trouble) {
        return String.valueOf(trouble.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        client.close();
    }
}
