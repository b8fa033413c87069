package io.evenkeel.discovery.contract;

import io.evenkeel.discovery.contract.Registry.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A way to a registry, by TCP, on which answers may come slowly, or as garbage: for those that do neither by themselves. */
public final class Wire implements AutoCloseable {

    private static final int BUFFER = 64 << 10;
    private static final int PAUSE_MILLIS = 100;

    private final int port = ServerProcess.freePort();
    private final int registry;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Optional<Fault> fault = Optional.empty();
    private volatile ServerSocket server;

    private Wire(int registry) {
        this.registry = registry;
    }

    /** One to a port of 127.0.0.1. It takes no connections before it is started. */
    public static Wire to(int registry) {
        return new Wire(registry);
    }

    /** Where it begins, over all of its life. */
    public int port() {
        return port;
    }

    /** Makes it take connections. */
    public void start() throws IOException {
        ServerSocket next = new ServerSocket();
        next.setReuseAddress(true);
        next.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        server = next;
        threads.execute(() -> accept(next));
    }

    /** Ends all connections, and refuses new ones, as when the registry itself is gone. */
    public void kill() throws IOException {
        if (server != null) {
            server.close();
        }
        cut();
    }

    /** From now on answers are {@link Fault#SLOW} or {@link Fault#GARBAGE}; those who have a connection must make another. */
    public void harm(Fault how) {
        fault = Optional.of(how);
        cut();
    }

    /** Ends every fault, and every connection that had one. */
    public void mend() {
        if (fault.isPresent()) {
            fault = Optional.empty();
            cut();
        }
    }

    /** Ends all connections. */
    public void cut() {
        open.forEach(Wire::end);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it had ended
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try (client;
                Socket there = new Socket(InetAddress.getLoopbackAddress(), registry)) {
            threads.execute(() -> pass(client, there));
            answer(there, client);
        } catch (IOException e) {
            // one side has ended it
        } finally {
            open.remove(client);
        }
    }

    /** Ends both with either of them. */
    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side has ended it
        }
    }

    private void answer(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        Random random = new Random(7);
        byte[] buffer = new byte[BUFFER];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            Optional<Fault> now = fault;
            if (now.equals(Optional.of(Fault.GARBAGE))) {
                random.nextBytes(buffer);
            }
            if (now.equals(Optional.of(Fault.SLOW))) {
                trickle(buffer, length, out);
            } else {
                out.write(buffer, 0, length);
            }
        }
    }

    private static void trickle(byte[] bytes, int length, OutputStream out) throws IOException {
        for (int i = 0; i < length; i++) {
            out.write(bytes[i]);
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        threads.shutdownNow();
    }
}
