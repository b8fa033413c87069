package io.evenkeel.discovery.contract;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Replicas of one service: real HTTP servers, each on an address of its own of the loopback network, all on one port. */
public final class Service implements AutoCloseable {

    /** Connections that wait to be accepted: more than a cold JVM on a busy machine lets pile up. */
    private static final int BACKLOG = 1_000;

    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<Integer, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<Integer, Long> lastNanos = new ConcurrentHashMap<>();
    private final Map<Integer, Long> firstNanos = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int port;

    private Service(int port) {
        this.port = port;
    }

    /** Starts so many replicas, on 127.0.0.1 and those after it. */
    public static Service of(int replicas) throws IOException {
        HttpServer first = server("127.0.0.1", 0);
        Service service = new Service(first.getAddress().getPort());
        service.add(first);
        for (int i = 1; i < replicas; i++) {
            service.add(server("127.0.0." + (i + 1), service.port));
        }
        return service;
    }

    private static HttpServer server(String address, int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
    }

    private void add(HttpServer server) {
        int i = servers.size();
        requests.put(i, new AtomicInteger());
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            long now = System.nanoTime();
            firstNanos.putIfAbsent(i, now);
            lastNanos.put(i, now);
            requests.get(i).incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    /** The endpoints of replicas {@code from} (counted from 0) to before {@code to}. */
    public List<Endpoint> endpoints(int from, int to) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = from; i < to; i++) {
            endpoints.add(Endpoint.of("http://127.0.0." + (i + 1) + ":" + port));
        }
        return endpoints;
    }

    /** All endpoints. */
    public List<Endpoint> endpoints() {
        return endpoints(0, servers.size());
    }

    /** The port of all replicas. */
    public int port() {
        return port;
    }

    /** How many requests a replica has had. */
    public int requests(int i) {
        return requests.get(i).get();
    }

    /** When a replica had its first request since {@link #forget}, by {@link System#nanoTime}; 0 if it had none. */
    public long firstNanos(int i) {
        return firstNanos.getOrDefault(i, 0L);
    }

    /** When a replica had its last. */
    public long lastNanos(int i) {
        return lastNanos.getOrDefault(i, 0L);
    }

    /** Forgets when replicas had their requests. */
    public void forget() {
        firstNanos.clear();
        lastNanos.clear();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
