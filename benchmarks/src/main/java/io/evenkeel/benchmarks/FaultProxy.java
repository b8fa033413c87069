package io.evenkeel.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A network that misbehaves, on the way to one origin: TCP, passed on byte by byte until it is told otherwise. Counts how often the origin was sent
 * each call, by a header of the call.
 */
final class FaultProxy implements Closeable {

    /** What becomes of connections and bytes. */
    enum Fault {
        /** All is passed on. */
        NONE,
        /** Connections are refused, and those there are end. */
        REFUSED,
        /** Connections are not accepted, and those there are end; the queue of those that wait for it is full. */
        FULL,
        /** Connections are accepted; nothing is passed on, either way. */
        HANGS,
        /** The answer ends with a reset, after its headers and half a body. */
        RESET,
        /** The answer's body comes a byte a second. */
        TRICKLES,
        /** Everything takes 200 ms more. */
        SLOW;

        boolean accepts() {
            return this != REFUSED && this != FULL;
        }
    }

    /** The header that names a call. */
    static final String CALL = "X-Call";

    private static final int MOST = 8_192;
    private static final int SLOW_MILLIS = 200;
    private static final int HEAD = 60;
    private static final int QUEUE = 512;
    private static final int MOST_TRIES = 100;
    private static final int MOST_TO_FILL = 50;
    private static final int FILL_MILLIS = 200;

    private volatile InetSocketAddress origin;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> sent = new ConcurrentHashMap<>();
    private volatile Fault fault = Fault.NONE;
    private volatile ServerSocket listener;

    FaultProxy(int originPort) throws IOException {
        lead(originPort);
        this.listener = listen(0, QUEUE);
        this.port = listener.getLocalPort();
        accept();
    }

    /** Who accepted there a moment ago may not be gone yet. */
    private static ServerSocket listen(int port, int queue) throws IOException {
        for (int i = 0; ; i++) {
            ServerSocket made = new ServerSocket();
            try {
                made.setReuseAddress(true);
                made.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), queue);
                return made;
            } catch (BindException e) {
                made.close();
                if (i == MOST_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    /** To which origin connections lead from now on. */
    void lead(int originPort) {
        origin = new InetSocketAddress(InetAddress.getLoopbackAddress(), originPort);
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** From now on. Connections that cannot go on as they are end. */
    void set(Fault next) throws IOException {
        Fault before = fault;
        if (next == before) {
            return;
        }
        fault = next;
        if (next.accepts() && !before.accepts()) {
            listener.close();
            listener = listen(port, QUEUE);
            accept();
        } else if (!next.accepts()) {
            listener.close();
        }
        if (!next.accepts() || before == Fault.HANGS) {
            open.forEach(FaultProxy::reset);
        }
        if (next == Fault.FULL) {
            listener = listen(port, 1);
            fill();
        }
    }

    /** Until nobody else gets in; whoever waits is reset with the others when that is over. */
    private void fill() throws IOException {
        for (int i = 0; i < MOST_TO_FILL; i++) {
            Socket waiting = new Socket();
            open.add(waiting);
            try {
                waiting.connect(listener.getLocalSocketAddress(), FILL_MILLIS);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IOException("the queue is never full");
    }

    Map<String, AtomicInteger> sent() {
        return sent;
    }

    private void accept() {
        ServerSocket from = listener;
        Thread.ofVirtual().start(() -> {
            while (!from.isClosed()) {
                try {
                    Socket client = from.accept();
                    open.add(client);
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException e) { // closed, or there are too many
                    LockSupport.parkNanos(10_000_000);
                }
            }
        });
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket()) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(origin);
            Thread up = Thread.ofVirtual().start(() -> pass(client, server, true));
            pass(server, client, false);
            reset(client);
            up.join();
        } catch (IOException | InterruptedException e) {
            reset(client);
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket from, Socket to, boolean request) {
        byte[] bytes = new byte[MOST];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                hang();
                if (request) {
                    count(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
                    out.write(bytes, 0, n);
                } else {
                    answer(bytes, n, to, out);
                }
            }
            if (request) { // the client has gone: the origin, which may be far behind, is not to keep a connection for
                // it
                reset(to);
            }
        } catch (IOException e) {
            reset(from);
            reset(to);
        }
    }

    private void hang() {
        while (fault == Fault.HANGS) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void count(String request) {
        int at = request.indexOf(CALL + ": ");
        if (at >= 0) {
            int begin = at + CALL.length() + 2;
            int end = request.indexOf('\r', begin);
            sent.computeIfAbsent(request.substring(begin, end), call -> new AtomicInteger())
                    .incrementAndGet();
        }
    }

    private void answer(byte[] bytes, int n, Socket to, OutputStream out) throws IOException {
        switch (fault) {
            case RESET -> {
                out.write(bytes, 0, Math.max(1, n - 2));
                out.flush();
                reset(to);
                throw new IOException("reset");
            }
            case TRICKLES -> {
                int head = Math.min(n, Math.max(0, n - HEAD));
                out.write(bytes, 0, head);
                for (int i = head; i < n; i++) {
                    out.write(bytes[i]);
                    out.flush();
                    if (fault == Fault.TRICKLES) {
                        LockSupport.parkNanos(1_000_000_000);
                    }
                }
            }
            case SLOW -> {
                LockSupport.parkNanos(SLOW_MILLIS * 1_000_000L);
                out.write(bytes, 0, n);
            }
            default -> out.write(bytes, 0, n);
        }
    }

    /** So that the other side sees a reset, not an end. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it has ended
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(FaultProxy::reset);
    }
}
