package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients by which requests travel. Hosts that no balancer is named after are asked by the user's, as it is. Replicas are asked by
 * others of the same make if they have to be: those leave redirects, cookies and the names in challenges to this library, which knows
 * services by name; and there is one for each name that replicas are to show a certificate for, since the JDK's client takes a name of its own
 * only for all its connections to addresses that are none.
 */
final class Transports {

    static final Duration KEPT_UNUSED = Duration.ofMinutes(10);
    /** More clients are told of. */
    private static final int MANY = 100;

    private static final Logger LOG = LoggerFactory.getLogger(BalancedHttpClient.class);

    private final HttpClient own;
    /** Null where the user's is used for everything. */
    private final @Nullable Factory replicas;

    private final Moves moves;
    private final boolean remembersCredentials;
    private final ReentrantLock lock = new ReentrantLock();
    /** All of the factory's, but the user's, until they have ended. */
    private final Set<HttpClient> made = ConcurrentHashMap.newKeySet();
    /** As many as there are names, or services with credentials, that are called now and then: a bound would cost a client for each call beyond it. Added to under the lock. */
    private final Cache<Changes, Lanes> others;

    private final Lanes plain;
    private final Consumer<String> warnings;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile boolean shut;
    private volatile boolean stopped;

    /**
     * What a client for replicas has else than the user's.
     *
     * @param name for TLS
     * @param via whether an address is taken for a proxy
     * @param generation above 0 for hosts that have {@linkplain Moves moved}: connections of those before are not used for them any more
     * @param service whose credentials it remembers, by the addresses of replicas, if there are credentials
     */
    private record Changes(Optional<String> name, boolean via, int generation, Optional<String> service) {

        static final Changes NONE = new Changes(Optional.empty(), false, 0, Optional.empty());
    }

    private Transports(
            HttpClient own,
            @Nullable Factory replicas,
            Moves moves,
            Ticker ticker,
            Scheduler scheduler,
            Consumer<String> warnings) {
        this.own = own;
        this.replicas = replicas;
        this.moves = moves;
        this.warnings = warnings;
        this.remembersCredentials = replicas != null && own.authenticator().isPresent();
        this.others = Caffeine.newBuilder()
                .expireAfterAccess(KEPT_UNUSED)
                .ticker(ticker)
                .scheduler(scheduler)
                .executor(Runnable::run)
                .removalListener(Transports::end)
                .build();
        this.plain = replicas == null
                ? Lanes.only(own)
                : new Lanes(replicas.differs() ? make(Changes.NONE) : own, () -> make(Changes.NONE));
    }

    /** One client for everything, used exactly as it is. */
    static Transports given(HttpClient client) {
        return new Transports(
                client, null, Defaults.moves(), Defaults::nanoTime, Scheduler.disabledScheduler(), LOG::warn);
    }

    /** Clients that the factory begins; {@code serviceOf} knows the service of a replica's address. */
    static Transports made(Supplier<HttpClient.Builder> factory, Function<URI, Optional<URI>> serviceOf, Moves moves) {
        return made(factory, serviceOf, moves, Defaults::nanoTime, Scheduler.systemScheduler(), LOG::warn);
    }

    static Transports made(
            Supplier<HttpClient.Builder> factory,
            Function<URI, Optional<URI>> serviceOf,
            Moves moves,
            Ticker ticker,
            Scheduler scheduler,
            Consumer<String> warnings) {
        HttpClient own = own(factory);
        return new Transports(own, new Factory(factory, own, serviceOf), moves, ticker, scheduler, warnings);
    }

    /** What the factory wants; the JDK's own executor, if it names none, would cost more than twice the CPU. */
    private static HttpClient own(Supplier<HttpClient.Builder> factory) {
        HttpClient.Builder wanted = begun(factory);
        HttpClient made = wanted.build();
        if (made.executor().isPresent() || !isJdks(wanted)) {
            return made;
        }
        made.shutdownNow();
        return wanted.executor(Defaults.executor()).build();
    }

    private static HttpClient.Builder begun(Supplier<HttpClient.Builder> factory) {
        return requireNonNull(factory.get(), "the transport's factory gave no builder");
    }

    private static boolean isJdks(HttpClient.Builder builder) {
        return builder.getClass() == HttpClient.newBuilder().getClass();
    }

    /** Makes clients for replicas; every setting that it changes, it sets, since a factory may give one builder again and again. */
    private record Factory(
            Supplier<HttpClient.Builder> factory, HttpClient own, Function<URI, Optional<URI>> serviceOf) {

        /** Whether a client for replicas must be another than the user's. */
        boolean differs() {
            return own.followRedirects() != Redirect.NEVER
                    || own.cookieHandler().isPresent()
                    || own.authenticator().isPresent();
        }

        HttpClient make(Changes changes) {
            HttpClient.Builder builder = begun(factory).followRedirects(Redirect.NEVER);
            own.executor().ifPresent(builder::executor);
            own.cookieHandler().ifPresent(cookies -> builder.cookieHandler(new NoCookies()));
            own.authenticator()
                    .ifPresent(
                            known -> builder.authenticator(new ByName(known, serviceOf(changes.service), changes.via)));
            SSLParameters parameters = parameters(changes.name);
            builder.sslParameters(parameters).sslContext(context(changes.name, parameters));
            builder.version(changes.name.isPresent() ? atMostHttp2() : own.version());
            builder.proxy(changes.via ? new Via() : proxy());
            return builder.build();
        }

        /** Set even if it is the JVM's, which a builder that had another once does not go back to. */
        private ProxySelector proxy() {
            ProxySelector jvms = ProxySelector.getDefault();
            return own.proxy().orElse(jvms == null ? HttpClient.Builder.NO_PROXY : jvms);
        }

        /** Later ones want a context of the JDK's own make, and would be refused. */
        private Version atMostHttp2() {
            return own.version().compareTo(Version.HTTP_2) > 0 ? Version.HTTP_2 : own.version();
        }

        /** Two services may have replicas at one address. */
        private Function<URI, Optional<URI>> serviceOf(Optional<String> service) {
            return service.isEmpty() ? serviceOf : uri -> Optional.of(Services.at(uri.getScheme(), service.get(), uri));
        }

        /** Set even if it is the user's own, as the proxy is. The JDK checks certificates for the name that is asked for; the user's, if one is set. */
        private SSLContext context(Optional<String> name, SSLParameters parameters) {
            if (name.isEmpty()) {
                return own.sslContext();
            }
            String asked = parameters.getServerNames().stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(known -> ((SNIHostName) known).getAsciiName())
                    .findFirst()
                    .orElse(name.get());
            return WrappedContext.named(asked, own.sslContext());
        }

        /** Those of the user's client, which an SSLParameters of our own making would lack the protocols of: no HTTP/2 then. */
        private SSLParameters parameters(Optional<String> name) {
            SSLParameters parameters = own.sslParameters();
            List<?> names = parameters.getServerNames();
            if (names == null || names.isEmpty()) {
                name.ifPresent(one -> parameters.setServerNames(List.of(new SNIHostName(one))));
            }
            return parameters;
        }
    }

    /** Keeps none, and sends none. */
    private static final class NoCookies extends CookieHandler {

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            return Map.of();
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) {
            // what is set by a replica is its service's
        }
    }

    /** The user's, or what was made for everything. */
    HttpClient own() {
        return own;
    }

    /** For hosts that no balancer is named after. */
    Lanes plain() {
        return plain;
    }

    /** For replicas of a service that go by their own addresses. The JDK's client sends credentials unasked to where they were wanted before, so each service has its own. */
    Lanes plain(String service) {
        return remembersCredentials ? others(Optional.empty(), false, 0, service) : plain;
    }

    /** For a replica that is known by the name of its host. */
    Lanes at(String host, String service) {
        int generation = isOwned() ? moves.of(host) : 0;
        return generation == 0 ? plain(service) : others(Optional.empty(), false, generation, service);
    }

    /** For replicas at addresses without a name, whose certificates are for {@code name}. */
    Lanes named(String name, String service) {
        return isOwned() ? others(Optional.of(name), false, 0, service) : plain;
    }

    /** For requests of {@link Via}. */
    Lanes via(String service) {
        return others(Optional.empty(), true, 0, service);
    }

    private Lanes others(Optional<String> name, boolean via, int generation, String service) {
        Optional<String> whose = remembersCredentials ? Optional.of(service) : Optional.empty();
        Changes changes = new Changes(name, via, generation, whose);
        Lanes known = others.getIfPresent(changes);
        if (known != null) {
            return known;
        }
        Lanes begun = begin(changes);
        warnIfMany();
        return begun;
    }

    /** Not under the lock. */
    private void warnIfMany() {
        if (others.estimatedSize() > MANY && warned.compareAndSet(false, true)) {
            warnings.accept(
                    "more than " + MANY + " clients of the JDK's are in use, each with a thread and connections:"
                            + " one for each name that replicas at addresses show certificates for, and for each service if there is"
                            + " an Authenticator; replicas that share a certificate should share an authority, the balancer's");
        }
    }

    private Lanes begin(Changes changes) {
        lock.lock();
        try {
            Lanes known = others.getIfPresent(changes);
            if (known != null) {
                return known;
            }
            Lanes begun = new Lanes(make(changes), () -> make(changes));
            others.put(changes, begun);
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** In order, since bodies may be under way. */
    private static void end(@Nullable Changes changes, @Nullable Lanes unused, RemovalCause cause) {
        if (unused != null) {
            unused.forEach(HttpClient::shutdown);
        }
    }

    /** One at a time, since a factory may give one builder again and again. */
    private HttpClient make(Changes changes) {
        lock.lock();
        try {
            made.removeIf(HttpClient::isTerminated);
            HttpClient client = requireNonNull(replicas).make(changes);
            made.add(client);
            if (stopped) {
                client.shutdownNow();
            } else if (shut) {
                client.shutdown();
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    /** Whether redirects, cookies and names are this library's to see to, and clients can be made as needed. */
    boolean isOwned() {
        return replicas != null;
    }

    /** Whether the client may follow a redirect by itself. */
    boolean followsRedirects() {
        return !isOwned() && own.followRedirects() != Redirect.NEVER;
    }

    Optional<Duration> connectTimeout() {
        return own.connectTimeout();
    }

    Optional<CookieHandler> cookies() {
        return isOwned() ? own.cookieHandler() : Optional.empty();
    }

    Optional<Executor> executor() {
        return own.executor();
    }

    Optional<Authenticator> authenticator() {
        return own.authenticator();
    }

    Optional<ProxySelector> proxy() {
        return own.proxy();
    }

    void shutdown() {
        shut = true;
        forEach(HttpClient::shutdown);
    }

    void shutdownNow() {
        stopped = true;
        forEach(HttpClient::shutdownNow);
    }

    /** Whether all clients have ended. */
    boolean isTerminated() {
        return own.isTerminated() && made.stream().allMatch(HttpClient::isTerminated);
    }

    boolean awaitTermination(Duration duration) throws InterruptedException {
        long start = Defaults.nanoTime();
        List<HttpClient> clients = new ArrayList<>();
        forEach(clients::add);
        for (HttpClient client : clients) {
            if (!client.awaitTermination(duration.minusNanos(Defaults.nanoTime() - start))) {
                return false;
            }
        }
        return true;
    }

    private void forEach(Consumer<HttpClient> action) {
        action.accept(own);
        made.forEach(action);
    }
}
