package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

/**
 * The clients by which requests travel. Hosts that no balancer is named after are asked by the user's, as it is. Replicas are asked by
 * others of the same make if they have to be: those leave redirects, cookies and the names in challenges to this library, which knows
 * services by name; and there is one for each name that replicas are to show a certificate for, since the JDK's client takes a name of its own
 * only for all its connections to addresses that are none.
 */
final class Transports {

    /** Each costs a thread, and connections while it is used. */
    private static final int MOST_OTHERS = 64;

    private static final Duration KEPT_UNUSED = Duration.ofMinutes(10);

    private final HttpClient own;
    private final boolean owned;
    private final Function<Changes, HttpClient> maker;
    private final Lanes plain;
    private final Cache<Changes, Lanes> others;
    private final Moves moves;
    private final boolean remembersCredentials;
    private volatile boolean stopped;

    /**
     * What a client for replicas has else than the user's.
     *
     * @param name for TLS
     * @param via whether an address is taken for a proxy
     * @param moved a host that has moved, and how often: connections to where it was are not used any more
     * @param service whose credentials it remembers, by the addresses of replicas, if there are credentials
     */
    private record Changes(Optional<String> name, boolean via, String moved, Optional<String> service) {

        static final Changes NONE = new Changes(Optional.empty(), false, "", Optional.empty());
    }

    private Transports(HttpClient own, boolean owned, Function<Changes, HttpClient> maker, Lanes plain, Moves moves) {
        this.moves = moves;
        this.own = own;
        this.owned = owned;
        this.maker = maker;
        this.plain = plain;
        this.remembersCredentials = owned && own.authenticator().isPresent();
        this.others = Caffeine.newBuilder()
                .maximumSize(MOST_OTHERS)
                .expireAfterAccess(KEPT_UNUSED)
                .executor(Runnable::run)
                .build();
    }

    /** One client for everything, used exactly as it is. */
    static Transports given(HttpClient client) {
        return new Transports(client, false, changes -> client, Lanes.only(client), Defaults.moves());
    }

    /** Clients that the factory begins; {@code serviceOf} knows the service of a replica's address. */
    static Transports made(Supplier<HttpClient.Builder> factory, Function<URI, Optional<URI>> serviceOf, Moves moves) {
        HttpClient own = own(factory);
        Factory replicas = new Factory(factory, own, serviceOf);
        Supplier<HttpClient> another = () -> replicas.make(Changes.NONE);
        HttpClient first = replicas.differs() ? another.get() : own;
        return new Transports(own, true, replicas::make, new Lanes(first, another), moves);
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
                    .ifPresent(known -> builder.authenticator(new ByName(known, serviceOf(changes.service))));
            builder.sslParameters(parameters(changes.name));
            if (changes.via) {
                builder.proxy(new Via());
            }
            return builder.build();
        }

        /** Two services may have replicas at one address. */
        private Function<URI, Optional<URI>> serviceOf(Optional<String> service) {
            return service.isEmpty() ? serviceOf : uri -> Optional.of(Addressed.at(service.get(), uri));
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
        return remembersCredentials ? others(Optional.empty(), false, "", service) : plain;
    }

    /** For a replica that is known by the name of its host. */
    Lanes at(String host, String service) {
        int times = owned ? moves.of(host) : 0;
        return times == 0 ? plain(service) : others(Optional.empty(), false, host + " " + times, service);
    }

    /** For replicas at addresses without a name, whose certificates are for {@code name}. */
    Lanes named(String name, String service) {
        return owned ? others(Optional.of(name), false, "", service) : plain;
    }

    /** For requests of {@link Via}. */
    Lanes via(String service) {
        return others(Optional.empty(), true, "", service);
    }

    private Lanes others(Optional<String> name, boolean via, String moved, String service) {
        Optional<String> whose = remembersCredentials ? Optional.of(service) : Optional.empty();
        return others.get(new Changes(name, via, moved, whose), this::begin);
    }

    private Lanes begin(Changes changes) {
        return new Lanes(make(changes), () -> make(changes));
    }

    private HttpClient make(Changes changes) {
        HttpClient client = maker.apply(changes);
        if (stopped) {
            client.shutdownNow();
        }
        return client;
    }

    /** Whether redirects, cookies and names are this library's to see to, and clients can be made as needed. */
    boolean isOwned() {
        return owned;
    }

    /** Whether the client may follow a redirect by itself. */
    boolean followsRedirects() {
        return !owned && own.followRedirects() != Redirect.NEVER;
    }

    Optional<Duration> connectTimeout() {
        return own.connectTimeout();
    }

    Optional<CookieHandler> cookies() {
        return owned ? own.cookieHandler() : Optional.empty();
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
        forEach(HttpClient::shutdown);
    }

    void shutdownNow() {
        stopped = true;
        forEach(HttpClient::shutdownNow);
    }

    /** Whether the client for replicas' own addresses has ended: then all do. */
    boolean isTerminated() {
        boolean[] all = {own.isTerminated()};
        forEach(client -> all[0] &= client.isTerminated());
        return all[0];
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
        plain.forEach(action);
        others.asMap().values().forEach(lanes -> lanes.forEach(action));
    }
}
