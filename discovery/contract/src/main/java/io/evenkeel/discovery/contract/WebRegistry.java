package io.evenkeel.discovery.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/** A registry that is a web server of this JVM, with everything that can go wrong with one. It is not started when it is made. */
public abstract class WebRegistry implements Registry {

    private static final byte[] MEBIBYTE = " ".repeat(1 << 20).getBytes(UTF_8);
    private static final int MOST_AT_ONCE = 1 << 14;
    /** Sources stop at 64. */
    private static final int HUGE_MIB = 100;

    /** Held for whatever changes. */
    protected final ReentrantLock lock = new ReentrantLock();

    private final Condition news = lock.newCondition();
    private final Optional<SSLContext> tls;
    private final int port = ServerProcess.freePort();
    private Optional<Fault> fault = Optional.empty();
    /** Counts its lives; those who wait in an earlier one get no answer. */
    private int life;

    private boolean running;
    private HttpServer server;
    private ExecutorService threads;

    /** One that speaks TLS, if there is a context for it. */
    protected WebRegistry(Optional<SSLContext> tls) {
        this.tls = tls;
    }

    /** Answers a question as long as nothing is wrong. */
    protected abstract void answer(HttpExchange exchange) throws IOException, InterruptedException;

    /** Answers one who is not known. */
    protected void deny(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(403, -1);
    }

    /** Adds headers to answers that are wrong otherwise. */
    protected void head(HttpExchange exchange) {}

    /** What it says when it talks nonsense. */
    protected byte[] garbage() {
        return "<html>\u0000\uFFFF oops".getBytes(UTF_8);
    }

    /** Its address, without a path. */
    public final URI uri() {
        return URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port);
    }

    // Its life

    @Override
    public final void start() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer next = tls.isPresent() ? secure(address, tls.get()) : HttpServer.create(address, 0);
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        next.setExecutor(workers);
        next.createContext("/", this::handle);
        change(() -> {
            running = true;
            server = next;
            threads = workers;
        });
        next.start();
    }

    private static HttpServer secure(InetSocketAddress address, SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    @Override
    public final void kill() {
        change(() -> {
            running = false;
            life++;
        });
        server.stop(0);
        threads.shutdownNow();
    }

    @Override
    public final void close() {
        if (isRunning()) {
            kill();
        }
    }

    /** Whether it was started, and not killed since. */
    protected final boolean isRunning() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final Optional<Integer> port() {
        return Optional.of(port);
    }

    // What is wrong with it

    @Override
    public final Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void harm(Fault fault) {
        change(() -> this.fault = Optional.of(fault));
    }

    @Override
    public void mend() {
        change(() -> fault = Optional.empty());
    }

    /** What is wrong, if anything is. */
    protected final Optional<Fault> fault() {
        lock.lock();
        try {
            return fault;
        } finally {
            lock.unlock();
        }
    }

    /** Changes something, and wakes all who wait. */
    protected final void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code done}, which is looked at under the lock after each change, or it is killed, or time is up. */
    protected final void await(BooleanSupplier done, long most, TimeUnit unit) throws InterruptedException {
        lock.lock();
        try {
            int now = life;
            long left = unit.toNanos(most);
            while (running && life == now && !done.getAsBoolean() && left > 0) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    // How it answers

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!meets(exchange)) {
                answer(exchange);
            }
        } catch (InterruptedException e) {
            // it is being killed
        }
    }

    /** Answers as the fault of now wants; false if there is none. */
    protected final boolean meets(HttpExchange exchange) throws IOException, InterruptedException {
        switch (fault().orElse(null)) {
            case STOPPED -> awaitMended(Long.MAX_VALUE);
            case SLOW -> trickle(exchange);
            case DENIED -> deny(exchange);
            case GARBAGE -> sayNonsense(exchange);
            case HUGE -> sayTooMuch(exchange);
            case null -> {
                return false;
            }
        }
        return true;
    }

    private void awaitMended(long millis) throws InterruptedException {
        await(() -> fault.isEmpty(), millis, TimeUnit.MILLISECONDS);
    }

    /** A byte now and then, and never the last. */
    private void trickle(HttpExchange exchange) throws IOException, InterruptedException {
        head(exchange);
        exchange.sendResponseHeaders(200, 1_000_000);
        while (isRunning() && fault().equals(Optional.of(Fault.SLOW))) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            awaitMended(50);
        }
    }

    private void sayNonsense(HttpExchange exchange) throws IOException {
        head(exchange);
        send(exchange, 200, garbage());
    }

    private void sayTooMuch(HttpExchange exchange) throws IOException {
        head(exchange);
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < HUGE_MIB; i++) {
            exchange.getResponseBody().write(MEBIBYTE);
        }
    }

    /** Sends a whole answer. */
    protected static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        for (int from = 0; from < body.length; from += MOST_AT_ONCE) { // of which the JDK's server makes a copy
            exchange.getResponseBody().write(body, from, Math.min(MOST_AT_ONCE, body.length - from));
        }
    }

    /** The same of text. */
    protected static void send(HttpExchange exchange, int status, String body) throws IOException {
        send(exchange, status, body.getBytes(UTF_8));
    }
}
