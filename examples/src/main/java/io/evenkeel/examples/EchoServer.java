package io.evenkeel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A replica that speaks plain TCP: it says each line back, and its name. */
final class EchoServer implements AutoCloseable {

    private final String name;
    private final ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    EchoServer(String name) throws IOException {
        this.name = name;
    }

    EchoServer start() {
        Thread.ofVirtual().start(this::accept);
        return this;
    }

    String address() {
        return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread.ofVirtual().start(() -> echo(connection));
            }
        } catch (IOException closed) {
            // The end
        }
    }

    private void echo(Socket connection) {
        connections.add(connection);
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                connection.getOutputStream().write((line + " from " + name + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // The caller has left, or we were killed
        } finally {
            connections.remove(connection);
        }
    }

    /** Ends it at once, in the middle of whatever it says, as if its process were killed. */
    void kill() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
