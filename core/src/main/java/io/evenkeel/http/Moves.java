package io.evenkeel.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether hosts that are known by name have moved: the JDK's client keeps a connection of HTTP/2 to where they were, as long as that serves. Looked at beside calls to the
 * host, now and then; it has moved if none of its addresses is left.
 */
final class Moves {

    static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Hosts that are remembered; beyond that, which takes a client with as many names, moves are not noticed. */
    private static final int MOST = 10_000;

    /** All addresses of a host, as far as the system knows. */
    @FunctionalInterface
    interface Resolver {
        Set<InetAddress> addresses(String host) throws UnknownHostException;
    }

    private final LongSupplier nanoTime;
    private final Executor executor;
    private final Resolver resolver;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();

    Moves(LongSupplier nanoTime, Executor executor, Resolver resolver) {
        this.nanoTime = nanoTime;
        this.executor = executor;
        this.resolver = resolver;
    }

    /** What is known of a host. */
    private static final class Host {

        private final AtomicLong lookedNanos;
        private volatile Set<InetAddress> addresses = Set.of();
        private final AtomicInteger moves = new AtomicInteger();

        Host(long longAgo) {
            this.lookedNanos = new AtomicLong(longAgo);
        }
    }

    /** How often the host has moved, as far as was seen. Never waits. */
    int of(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            if (hosts.size() >= MOST) {
                return 0;
            }
            host = hosts.computeIfAbsent(name, unknown -> new Host(nanoTime.getAsLong() - EVERY_NANOS));
        }
        long now = nanoTime.getAsLong();
        long looked = host.lookedNanos.get();
        if (now - looked >= EVERY_NANOS && host.lookedNanos.compareAndSet(looked, now)) {
            Host due = host;
            executor.execute(() -> look(name, due));
        }
        return host.moves.get();
    }

    private void look(String name, Host host) {
        Set<InetAddress> now;
        try {
            now = resolver.addresses(name);
        } catch (UnknownHostException | RuntimeException e) {
            return; // a name that is gone tells nothing of where it went
        }
        Set<InetAddress> before = host.addresses;
        if (!now.isEmpty()) {
            host.addresses = now;
            if (!before.isEmpty() && Collections.disjoint(before, now)) {
                host.moves.incrementAndGet();
            }
        }
    }
}
