package io.evenkeel.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whether hosts that are known by name have moved: the JDK's client keeps a connection of HTTP/2 to where they were, as long as that serves. Looked at beside calls to the
 * host, now and then; it has moved if two looks in a row find none of the addresses where it was, and agree: a name with very many addresses may give others each time.
 *
 * <p>Where a host is now is called by connections of a later generation. Hosts that move at about the same time share one, and so few are in use, however many hosts move.
 */
final class Moves {

    static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Hosts that are remembered; beyond that, which takes a client with as many names in use at a time, moves are not noticed. */
    static final int MOST = 10_000;

    /** Hosts that were not asked for in so long make room: their connections are closed. */
    private static final long KEPT_UNUSED_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Generations in use. A host that has not moved since then goes along to a later one. */
    static final int MOST_GENERATIONS = 8;

    /** All addresses of a host, as far as the system knows. */
    @FunctionalInterface
    interface Resolver {
        Set<InetAddress> addresses(String host) throws UnknownHostException;
    }

    private final LongSupplier nanoTime;
    private final Executor executor;
    private final Resolver resolver;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final AtomicLong clearedNanos;
    private final ReentrantLock lock = new ReentrantLock();
    /** Changed under the lock. */
    private volatile int newest;

    Moves(LongSupplier nanoTime, Executor executor, Resolver resolver) {
        this.nanoTime = nanoTime;
        this.executor = executor;
        this.resolver = resolver;
        this.clearedNanos = new AtomicLong(nanoTime.getAsLong() - EVERY_NANOS);
    }

    /** What is known of a host. */
    private static final class Host {

        private final AtomicLong lookedNanos;
        /** Guarded by the lock, as what the last look found if it was none of these. */
        private Set<InetAddress> addresses = Set.of();

        private Set<InetAddress> elsewhere = Set.of();
        private volatile int generation;

        Host(long longAgo) {
            this.lookedNanos = new AtomicLong(longAgo);
        }
    }

    /** The generation of connections that a host is to be called by; 0 for one that never moved, as far as was seen. Never waits. */
    int of(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            if (!hasRoom()) {
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
        int generation = host.generation;
        return generation == 0 ? 0 : Math.max(generation, newest - MOST_GENERATIONS + 1);
    }

    private boolean hasRoom() {
        if (hosts.size() < MOST) {
            return true;
        }
        long now = nanoTime.getAsLong();
        long cleared = clearedNanos.get();
        if (now - cleared >= EVERY_NANOS && clearedNanos.compareAndSet(cleared, now)) {
            hosts.values().removeIf(host -> now - host.lookedNanos.get() >= KEPT_UNUSED_NANOS);
        }
        return hosts.size() < MOST;
    }

    private void look(String name, Host host) {
        Set<InetAddress> now;
        try {
            now = resolver.addresses(name);
        } catch (UnknownHostException | RuntimeException e) {
            return; // a name that is gone tells nothing of where it went
        }
        if (now.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            found(host, now);
        } finally {
            lock.unlock();
        }
    }

    private void found(Host host, Set<InetAddress> now) {
        boolean isThere = host.addresses.isEmpty() || !Collections.disjoint(host.addresses, now);
        if (!isThere && Collections.disjoint(host.elsewhere, now)) {
            host.elsewhere = now;
            return;
        }
        if (!isThere) {
            int current = newest; // changed under the lock alone
            int next = host.generation == current ? current + 1 : current;
            newest = next;
            host.generation = next;
        }
        host.elsewhere = Set.of();
        host.addresses = now;
    }
}
