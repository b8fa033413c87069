package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Scheduler;
import io.evenkeel.VirtualTime;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which clients are made, and when they end. */
@Timeout(60)
class TransportsTest {

    private final VirtualTime time = new VirtualTime();
    private final List<Fake> made = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int address = 1;
    /** What is to be done once clients may be unused. */
    private Runnable due = () -> {};

    private final Moves moves = new Moves(
            time, Runnable::run, host -> Set.of(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) address})));

    /** What was built with which settings. */
    private static final class Fake extends Wrapping {

        private final Optional<ProxySelector> proxy;
        private final String names;
        private final SSLContext context;
        private boolean shut;
        /** Whether it is shut in order, but a body is under way. */
        private boolean busy;

        Fake(Optional<ProxySelector> proxy, String names, SSLContext context) {
            super(null);
            this.proxy = proxy;
            this.names = names;
            this.context = context;
        }

        @Override
        public void shutdown() {
            shut = true;
        }

        @Override
        public void shutdownNow() {
            shut = true;
            busy = false;
        }

        @Override
        public boolean isTerminated() {
            return shut && !busy;
        }

        @Override
        public Optional<ProxySelector> proxy() {
            return proxy;
        }

        @Override
        public Optional<CookieHandler> cookieHandler() {
            return Optional.empty();
        }

        @Override
        public Optional<Authenticator> authenticator() {
            return Optional.empty();
        }

        @Override
        public Optional<Executor> executor() {
            return Optional.empty();
        }

        @Override
        public Redirect followRedirects() {
            return Redirect.NEVER;
        }

        @Override
        public Version version() {
            return Version.HTTP_2;
        }

        @Override
        public SSLParameters sslParameters() {
            return new SSLParameters();
        }

        @Override
        public SSLContext sslContext() {
            return context;
        }
    }

    private final class FakeBuilder implements HttpClient.Builder {

        private Optional<ProxySelector> proxy = Optional.empty();
        private SSLParameters parameters = new SSLParameters();
        private SSLContext context = theDefault();

        private static SSLContext theDefault() {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector selector) {
            proxy = Optional.of(selector);
            return this;
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters some) {
            parameters = some;
            return this;
        }

        @Override
        public HttpClient build() {
            Fake client = new Fake(proxy, String.valueOf(parameters.getServerNames()), context);
            made.add(client);
            return client;
        }

        @Override
        public HttpClient.Builder cookieHandler(CookieHandler handler) {
            return this;
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration duration) {
            return this;
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext some) {
            context = some;
            return this;
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            return this;
        }

        @Override
        public HttpClient.Builder followRedirects(Redirect policy) {
            return this;
        }

        @Override
        public HttpClient.Builder version(Version version) {
            return this;
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            return this;
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            return this;
        }
    }

    private Transports transports(Supplier<HttpClient.Builder> factory) {
        Scheduler later = (executor, task, delay, unit) -> {
            due = () -> executor.execute(task);
            return new CompletableFuture<>();
        };
        return Transports.made(factory, uri -> Optional.empty(), moves, time::getAsLong, later, warnings::add);
    }

    @Test
    void eachNameHasAClientHoweverManyThereAre() {
        Transports transports = transports(FakeBuilder::new);
        for (int call = 0; call < 1_000; call++) {
            transports.named("replica-" + call % 100, "orders").client(0);
        }
        assertThat(made).hasSize(101);
        assertThat(made).noneMatch(Fake::isTerminated);
    }

    @Test
    void thatThereAreManyClientsIsToldOnceWithAWayOut() {
        Transports transports = transports(FakeBuilder::new);
        for (int name = 0; name < 100; name++) {
            transports.named("replica-" + name, "orders");
        }
        assertThat(warnings).isEmpty();
        for (int name = 100; name < 300; name++) {
            transports.named("replica-" + name, "orders");
        }
        assertThat(warnings).singleElement().asString().contains("more than 100 clients", "authority");
    }

    @Test
    void clientsThatAreNotUsedAnyMoreAreNotMany() {
        Transports transports = transports(FakeBuilder::new);
        for (int name = 0; name < 300; name++) {
            transports.named("replica-" + name, "orders");
            time.advance(Transports.KEPT_UNUSED.dividedBy(50));
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void clientThatIsNotUsedIsShutInOrderAndWaitedFor() {
        Transports transports = transports(FakeBuilder::new);
        Fake unused = (Fake) transports.named("one", "orders").client(0);
        unused.busy = true;
        time.advance(Transports.KEPT_UNUSED);
        transports.named("two", "orders").client(0);
        assertThat(unused.shut).isTrue();
        assertThat(unused.isTerminated()).isFalse();
        assertThat(transports.named("one", "orders").client(0)).isNotSameAs(unused);

        transports.shutdown();
        assertThat(transports.isTerminated()).isFalse();
        transports.shutdownNow();
        assertThat(transports.isTerminated()).isTrue();
        assertThat(made).allMatch(Fake::isTerminated);
    }

    @Test
    void clientThatIsNotUsedIsShutThoughNobodyAsksForAnother() {
        Transports transports = transports(FakeBuilder::new);
        Fake unused = (Fake) transports.named("one", "orders").client(0);
        time.advance(Transports.KEPT_UNUSED.plusSeconds(2)); // looked for at whole seconds or so
        due.run();
        assertThat(unused.shut).isTrue();
    }

    @Test
    void clientThatIsMadeAfterTheEndEnds() {
        Transports transports = transports(FakeBuilder::new);
        transports.shutdown();
        assertThat(((Fake) transports.named("one", "orders").client(0)).shut).isTrue();
    }

    @Test
    void hostsThatHaveMovedShareAClient() {
        Transports transports = transports(FakeBuilder::new);
        for (int move = 0; move < 5; move++) {
            for (int look = 0; look < 3; look++) {
                for (int pod = 0; pod < 100; pod++) {
                    transports.at("pod-" + pod, "orders").client(0);
                }
                time.advance(Duration.ofSeconds(30));
            }
            address++;
        }
        assertThat(made.size()).isLessThanOrEqualTo(6);
    }

    @Test
    void aBuilderThatIsGivenAgainKeepsNothing() {
        FakeBuilder only = new FakeBuilder();
        ProxySelector users = ProxySelector.of(InetSocketAddress.createUnresolved("proxy.example", 3128));
        only.proxy(users);
        Transports transports = transports(() -> only);
        SSLContext theUsers = made.get(0).context;
        Fake via = (Fake) transports.via("orders").client(0);
        Fake named = (Fake) transports.named("one", "orders").client(0);
        Fake plain = (Fake) transports.plain("orders").client(1);
        assertThat(via.proxy.orElseThrow()).isInstanceOf(Via.class);
        assertThat(named.proxy).hasValue(users);
        assertThat(named.names).contains("value=one");
        assertThat(named.context).isNotSameAs(theUsers);
        assertThat(plain.proxy).hasValue(users);
        assertThat(plain.names).doesNotContain("value=");
        assertThat(plain.context).isSameAs(theUsers);
    }

    @Test
    void aBuilderThatIsGivenAgainIsUsedByOneThreadAtATime() throws Exception {
        FakeBuilder only = new FakeBuilder();
        AtomicInteger given = new AtomicInteger();
        Transports[] transports = new Transports[1];
        Thread other = Thread.ofPlatform().unstarted(() -> transports[0].named("two", "orders"));
        transports[0] = transports(() -> {
            if (given.incrementAndGet() == 2) {
                other.start();
                Waiting.until(
                        "the other waits, or is here, too",
                        () -> other.getState() == Thread.State.WAITING || given.get() == 3);
                assertThat(given).hasValue(2);
            }
            return only;
        });
        assertThat(((Fake) transports[0].named("one", "orders").client(0)).names)
                .contains("value=one");
        other.join();
        assertThat(((Fake) transports[0].named("two", "orders").client(0)).names)
                .contains("value=two");
        assertThat(made).hasSize(3);
    }
}
