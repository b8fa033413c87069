package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.evenkeel.Endpoint;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A replica on the loopback address, for HTTP/1.1, that does what a script says with each request. */
final class ScriptedServer implements Closeable {

    /** Ports that nobody listens at, and nobody gets, as long as this JVM runs. */
    private static final Queue<Socket> TAKEN = new ConcurrentLinkedQueue<>();

    /** What to do with a request. */
    @FunctionalInterface
    interface Script {
        void serve(Visit visit) throws IOException, InterruptedException;
    }

    private final String scheme;
    private final ServerSocket listener;
    private final Script script;
    private final Thread acceptor = Thread.ofVirtual().unstarted(this::accept);
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ScriptedServer(String scheme, ServerSocket listener, Script script) {
        this.scheme = scheme;
        this.listener = listener;
        this.script = script;
    }

    static ScriptedServer start(Script script) throws IOException {
        return startOn(0, script);
    }

    /** A port that was used before. */
    static ScriptedServer startOn(int port, Script script) throws IOException {
        return start("http", new ServerSocket(port, 512, InetAddress.getLoopbackAddress()), script);
    }

    /** Another address of this machine. */
    static ScriptedServer startAt(InetAddress address, Script script) throws IOException {
        return start("http", new ServerSocket(0, 512, address), script);
    }

    static ScriptedServer startTls(SSLContext context, Script script) throws IOException {
        return start(
                "https",
                context.getServerSocketFactory().createServerSocket(0, 512, InetAddress.getLoopbackAddress()),
                script);
    }

    private static ScriptedServer start(String scheme, ServerSocket listener, Script script) {
        ScriptedServer server = new ScriptedServer(scheme, listener, script);
        server.acceptor.start();
        return server;
    }

    /** Answers every request alike. */
    static ScriptedServer answering(int status, String body, String... headers) throws IOException {
        return start(visit -> visit.answer(status, body, headers));
    }

    /** The address of a server that is gone: connections to it are refused, also while tests elsewhere start servers. */
    static Endpoint refusing() throws IOException {
        Socket taken = new Socket();
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TAKEN.add(taken);
        return Endpoint.of("http://127.0.0.1:" + taken.getLocalPort());
    }

    int port() {
        return listener.getLocalPort();
    }

    String uri() {
        String address = listener.getInetAddress().getHostAddress();
        return scheme + "://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port();
    }

    Endpoint endpoint() {
        return Endpoint.of(uri());
    }

    /** What was received up to now, in order of arrival. */
    List<Received> requests() {
        return requests;
    }

    /** How many connections were accepted up to now. */
    int connections() {
        return connections.get();
    }

    /** Refuses connections from now on, and breaks those there are. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            acceptor.join(); // till then the port is taken
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> converse(socket));
                if (listener.isClosed()) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Received request = Received.read(in);
                    request != null && !socket.isClosed();
                    request = Received.read(in)) {
                requests.add(request);
                Visit visit = new Visit(socket, in, request);
                script.serve(visit);
                if (!socket.isClosed()) {
                    visit.body();
                }
            }
        } catch (IOException e) {
            // the client is gone, or the script broke the connection
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            open.remove(socket);
        }
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** The head of a request; names of headers in lower case, but in the lines as they came. */
    record Received(
            String method, String target, String version, Map<String, List<String>> headers, List<String> lines) {

        static Received read(InputStream in) throws IOException {
            String first = readLine(in);
            if (first == null) {
                return null;
            }
            String[] words = first.split(" ", -1);
            Map<String, List<String>> headers = new TreeMap<>();
            List<String> lines = new ArrayList<>();
            for (String line = readLine(in); line != null && !line.isEmpty(); line = readLine(in)) {
                lines.add(line);
                int colon = line.indexOf(':');
                headers.computeIfAbsent(
                                line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new CopyOnWriteArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
            return new Received(words[0], words[1], words[2], headers, lines);
        }

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }
    }

    /** One request, while a script has it. */
    static final class Visit {

        private final Socket socket;
        private final InputStream in;
        private final Received request;
        private byte[] body;

        private Visit(Socket socket, InputStream in, Received request) {
            this.socket = socket;
            this.in = in;
            this.request = request;
        }

        Received request() {
            return request;
        }

        /** Reads the request's body, as a text. */
        String body() throws IOException {
            return new String(bytes(), UTF_8);
        }

        /** Reads the request's body. */
        byte[] bytes() throws IOException {
            if (body == null) {
                body = request.header("transfer-encoding").equals("chunked") ? readChunks() : readSized();
            }
            return body;
        }

        private byte[] readSized() throws IOException {
            String length = request.header("content-length");
            return in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
        }

        private byte[] readChunks() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            int size;
            do {
                String line = readLine(in);
                size = line == null ? 0 : Integer.parseInt(line, 16);
                all.write(in.readNBytes(size));
                readLine(in);
            } while (size > 0);
            return all.toByteArray();
        }

        /** A whole answer. Headers are lines: {@code "Retry-After: 1"}. */
        void answer(int status, String text, String... headers) throws IOException {
            body();
            String head = head(status, text.getBytes(UTF_8).length, headers);
            write(request.method.equals("HEAD") ? head : head + text);
        }

        /** The head of an answer whose body of {@code length} bytes is to follow. */
        void begin(int status, long length, String... headers) throws IOException {
            write(head(status, length, headers));
        }

        private static String head(int status, long length, String... headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " As Scripted\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            if (status >= 200 && status != 204 && status != 304) {
                head.append("Content-Length: ").append(length).append("\r\n");
            }
            return head.append("\r\n").toString();
        }

        void write(String text) throws IOException {
            write(text.getBytes(UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        InputStream in() {
            return in;
        }

        /** The client's port. */
        int port() {
            return socket.getPort();
        }

        /** Ends the connection in order. */
        void close() throws IOException {
            socket.close();
        }

        /** Breaks the connection: the client reads "connection reset". */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Says nothing more, until the client is gone. */
        void hang() throws IOException {
            try {
                while (in.read() >= 0) {
                    // what it still sends is of no interest
                }
            } catch (IOException e) {
                // gone, too
            }
            socket.close();
        }
    }
}
