package io.evenkeel.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** HAProxy before some origins of this machine, balancing by leastconn, with one thread. */
final class HaProxy implements Closeable {

    private final Processes processes = new Processes();
    private final Path file = Files.createTempFile("evenkeel-haproxy", ".cfg");
    private final int port = freePorts(1).getFirst();
    private final Process process;

    private HaProxy(Path program, List<String> origins, Settings settings) throws IOException {
        Files.writeString(file, text(origins, settings));
        process = processes.start(List.of(program.toString(), "-db", "-q", "-f", file.toString()));
        awaitListener(port);
    }

    /** What can be set of each server, after its address. */
    enum Settings {
        PLAIN(""),

        /** Takes a server out after ten errors in a row, as is its default, and back when two checks in a row succeeded. */
        OBSERVING("check inter 1s observe layer7 error-limit 10 on-error mark-down");

        private final String words;

        Settings(String words) {
            this.words = words;
        }
    }

    static boolean installed() {
        return Processes.find("haproxy").isPresent();
    }

    /** Starts one before origins given as {@code http://host:port}. */
    static HaProxy start(List<String> origins, Settings settings) throws IOException {
        return new HaProxy(Processes.find("haproxy").orElseThrow(), origins, settings);
    }

    /** Host and port. */
    String address() {
        return "127.0.0.1:" + port;
    }

    double cpuNanos() {
        return Processes.cpuNanos(process);
    }

    @Override
    public void close() throws IOException {
        processes.close();
        Files.delete(file);
    }

    static void awaitListener(int port) throws IOException {
        for (int time = 0; ; time++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (time == 100) {
                    throw new IOException("nobody listens on port " + port, e);
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    /** So many ports that nobody uses just now. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return sockets.stream().map(ServerSocket::getLocalPort).toList();
    }

    private String text(List<String> origins, Settings settings) {
        String servers = origins.stream()
                .map(origin -> origin.substring("http://".length()))
                .map(address -> "  server " + address.replace(':', '-') + " " + address + " " + settings.words)
                .collect(Collectors.joining("\n"));
        return """
                global
                  maxconn 8192
                  nbthread 1
                defaults
                  mode http
                  option http-keep-alive
                  http-reuse always
                  timeout connect 1s
                  timeout client 60s
                  timeout server 60s
                frontend front
                  bind %s
                  default_backend origins
                backend origins
                  balance leastconn
                %s
                """.formatted(address(), servers);
    }
}
