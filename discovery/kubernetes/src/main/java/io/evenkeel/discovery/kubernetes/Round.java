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
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client, the list that it got, and the changes after it, until the server ends the watch. The next round has a client of its own: connections that
 * died in silence, and credentials that were renewed, are over with this one.
 *
 * <p>One thread uses it; those of the client only tell {@link #known}.
 */
final class Round implements AutoCloseable {

    /** A watch that ends sooner, without a word, was not wanted. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> asked;
    private final Trouble trouble;
    private final Limit limit;
    private final Refusal refusal;
    private final Patience patience;
    private final Known known = new Known();

    private String version = "";
    private @Nullable Watch watch;
    private long beganNanos;

    private Round(KubernetesClient client, Trouble trouble, Limit limit, Refusal refusal, Patience patience) {
        this.client = client;
        this.trouble = trouble;
        this.limit = limit;
        this.refusal = refusal;
        this.patience = patience;
        this.asked = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(trouble.namespace())
                .withLabel("kubernetes.io/service-name", trouble.service());
    }

    /** With a client as {@code configs} says now. */
    static Round of(ServiceName service, Supplier<Config> configs, Patience patience) throws IOException {
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
            return new Round(client, trouble, limit, refusal, patience);
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

    /** Asks for the list of now. Once it has begun, the client would wait for it without end. */
    void list() throws IOException {
        CompletableFuture<Void> late = Defaults.after(patience.list(), client::close);
        try {
            version = ask(this::listed);
        } catch (IOException e) {
            throw late.isDone() ? trouble.saying("gives no whole list within " + patience.list()) : e;
        } finally {
            late.complete(null);
        }
    }

    /** Its version. */
    private String listed() {
        EndpointSliceList list = asked.list();
        known.putAll(list.getItems());
        return requireNonNull(list.getMetadata().getResourceVersion(), "resourceVersion");
    }

    /** Begins to hear of what has changed since the list. */
    void watch() throws IOException {
        ListOptions since = new ListOptionsBuilder()
                .withResourceVersion(version)
                .withAllowWatchBookmarks(true)
                .build();
        beganNanos = Defaults.nanoTime();
        watch = ask(() -> asked.watch(since, known));
    }

    private <T> T ask(Supplier<T> question) throws IOException {
        try {
            return question.get();
        } catch (RuntimeException e) {
            throw trouble.of(e);
        }
    }

    /**
     * Waits for news; false if there will be no more.
     *
     * @throws IOException if the watch did not just end, but in trouble
     */
    boolean hear() throws IOException, InterruptedException {
        if (known.awaitNews(patience.silence())) {
            return true;
        }
        Optional<Known.End> end = known.end();
        if (end.isPresent()) {
            check(end.get().cause());
        }
        return false;
    }

    private void check(Optional<WatcherException> cause) throws IOException {
        boolean gone = cause.isPresent() && cause.get().isHttpGone();
        if (cause.isPresent() && !gone && saysWhy(cause.get())) {
            throw trouble.of(cause.get());
        }
        if (limit.wasExceeded()) {
            throw trouble.of(new Limit.ExceededException());
        }
        if (refusal.status() != 0 && !gone) {
            throw trouble.answering(refusal.status());
        }
        if (!known.hasHeard() && Defaults.nanoTime() - beganNanos < SHORTEST.toNanos()) {
            throw trouble.saying("ends the watch as soon as it has begun");
        }
    }

    private static boolean saysWhy(WatcherException cause) {
        return cause.getCause() != null || cause.getRawWatchMessage().isPresent();
    }

    /** The endpoints of now. */
    List<Endpoint> endpoints(Selection selection) throws IOException {
        try {
            return selection.endpoints(known.slices());
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
