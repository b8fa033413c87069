package io.evenkeel.discovery.kubernetes;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.common.Web;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client, the list that it got, and the changes after it, until the server ends the watch. The next round has a client of its own: connections that
 * died in silence, and credentials that were renewed, are over with this one.
 *
 * <p>One thread uses it; those of the client only add to {@link #news}.
 */
final class Round implements AutoCloseable {

    /** A watch that ends sooner, without a word, was not wanted. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> asked;
    private final Trouble trouble;
    private final Limit limit;
    private final Refusal refusal;
    private final Duration silence;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    private final Map<String, EndpointSlice> slices = new TreeMap<>();
    private String version = "";
    private @Nullable Watch watch;
    private long beganNanos;
    private boolean heard;
    private boolean over;

    /** What the client tells. */
    private sealed interface News {

        /** Also a bookmark, which is a slice without content. */
        record Change(Watcher.Action action, EndpointSlice slice) implements News {}

        /** Because of trouble, or not. */
        record End(@Nullable WatcherException cause) implements News {}
    }

    private Round(KubernetesClient client, Trouble trouble, Limit limit, Refusal refusal, Duration silence) {
        this.client = client;
        this.trouble = trouble;
        this.limit = limit;
        this.refusal = refusal;
        this.silence = silence;
        this.asked = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(trouble.namespace())
                .withLabel("kubernetes.io/service-name", trouble.service());
    }

    /**
     * With a client as {@code configs} says now.
     *
     * @param silence after which the server counts as dead
     */
    static Round of(ServiceName service, Supplier<Config> configs, Duration silence) throws IOException {
        try {
            Config config = ours(configs.get());
            Trouble trouble = new Trouble(
                    Web.server(URI.create(config.getMasterUrl())), service.namespace(config), service.service());
            Limit limit = new Limit();
            Refusal refusal = new Refusal();
            KubernetesClient client = new KubernetesClientBuilder()
                    .withConfig(config)
                    .withHttpClientFactory(new Transport())
                    .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("evenkeel-limit", limit)
                            .addOrReplaceInterceptor("evenkeel-refusal", refusal))
                    .build();
            return new Round(client, trouble, limit, refusal, silence);
        } catch (RuntimeException e) {
            throw Trouble.unconfigured(service, e);
        }
    }

    /** The same, but that it is for the next round to try again, and to tell why; and that nobody turns off whom it trusts. */
    private static Config ours(Config config) {
        return new ConfigBuilder(config)
                .withAutoConfigure(false) // it is done, and would not be by the same context
                .withWatchReconnectLimit(0)
                .withRequestRetryBackoffLimit(0)
                .withOnlyHttpWatches(true) // no limit would hold for the frames of a WebSocket
                .withTrustCerts(false)
                .withDisableHostnameVerification(false)
                .build();
    }

    /** Asks for the list of now. */
    void list() throws IOException {
        version = ask(() -> {
            EndpointSliceList list = asked.list();
            list.getItems().forEach(this::put);
            return requireNonNull(list.getMetadata().getResourceVersion(), "resourceVersion");
        });
    }

    /** Begins to hear of what has changed since the list. */
    void watch() throws IOException {
        ListOptions since = new ListOptionsBuilder()
                .withResourceVersion(version)
                .withAllowWatchBookmarks(true)
                .build();
        beganNanos = Defaults.nanoTime();
        watch = ask(() -> asked.watch(since, new Watcher<>() {
            @Override
            public void eventReceived(Action action, EndpointSlice slice) {
                news.add(new News.Change(action, slice));
            }

            @Override
            public void onClose() {
                news.add(new News.End(null));
            }

            @Override
            public void onClose(WatcherException cause) {
                news.add(new News.End(cause));
            }
        }));
    }

    private <T> T ask(Supplier<T> question) throws IOException {
        try {
            return question.get();
        } catch (RuntimeException e) {
            throw trouble.of(e);
        }
    }

    /**
     * Waits for news and takes in all that there are; false if there will be no more.
     *
     * @throws IOException if the watch did not just end, but in trouble
     */
    boolean hear() throws IOException, InterruptedException {
        if (over) {
            return false;
        }
        boolean changed = false;
        for (News next = news.poll(silence.toNanos(), TimeUnit.NANOSECONDS); next != null; next = news.poll()) {
            switch (next) {
                case News.Change change -> changed |= take(change);
                case News.End end -> end(end.cause());
            }
        }
        return changed;
    }

    /** Whether it says how things are, which also a bookmark does: that we know all there is. */
    private boolean take(News.Change change) {
        switch (change.action()) {
            case ADDED, MODIFIED -> put(change.slice());
            case DELETED -> slices.remove(change.slice().getMetadata().getName());
            case BOOKMARK -> {}
            case ERROR -> {
                return false; // the end is near
            }
        }
        heard = true;
        return true;
    }

    private void put(EndpointSlice slice) {
        slices.put(slice.getMetadata().getName(), slice);
    }

    private void end(@Nullable WatcherException cause) throws IOException {
        over = true;
        if (cause != null
                && !cause.isHttpGone()
                && (cause.getCause() != null || cause.getRawWatchMessage().isPresent())) {
            throw trouble.of(cause);
        }
        if (limit.wasExceeded()) {
            throw trouble.of(new Limit.ExceededException());
        }
        if (refusal.status() != 0 && (cause == null || !cause.isHttpGone())) {
            throw trouble.answering(refusal.status());
        }
        if (!heard && Defaults.nanoTime() - beganNanos < SHORTEST.toNanos()) {
            throw trouble.saying("ends the watch as soon as it has begun");
        }
    }

    /** The endpoints of now. */
    List<Endpoint> endpoints(Selection selection) throws IOException {
        try {
            return selection.endpoints(slices.values());
        } catch (UnusableException e) {
            throw trouble.unusable(e);
        }
    }

    @Override
    public void close() {
        try {
            if (watch != null) {
                watch.close();
            }
        } finally {
            client.close();
        }
    }
}
