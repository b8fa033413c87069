package io.evenkeel.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** nginx on three ports of this machine, and HAProxy before it. */
final class Loopback implements AutoCloseable {

    private static final int ORIGINS = 3;

    private final Processes processes = new Processes();
    private final Path scratch = Files.createTempDirectory("evenkeel");
    private final List<Integer> ports = freePorts();
    private final Process origin;
    private final Process proxy;

    private Loopback(Path nginx, Path haproxy) throws IOException {
        Path nginxFile = Files.writeString(scratch.resolve("nginx.conf"), nginxSettings());
        Path haproxyFile = Files.writeString(scratch.resolve("haproxy.cfg"), haproxySettings());
        String log = scratch.resolve("nginx.log").toString();
        origin = processes.start(
                List.of(nginx.toString(), "-p", scratch.toString(), "-e", log, "-c", nginxFile.toString()));
        proxy = processes.start(List.of(haproxy.toString(), "-db", "-q", "-f", haproxyFile.toString()));
        for (int port : ports) {
            awaitListener(port);
        }
    }

    private static void awaitListener(int port) throws IOException {
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

    /** Starts both, if both are installed. */
    static Optional<Loopback> start() throws IOException {
        Optional<Path> nginx = Processes.find("nginx");
        Optional<Path> haproxy = Processes.find("haproxy");
        return nginx.isEmpty() || haproxy.isEmpty()
                ? Optional.empty()
                : Optional.of(new Loopback(nginx.get(), haproxy.get()));
    }

    /** Host and port of each origin. */
    List<String> origins() {
        return ports.subList(0, ORIGINS).stream()
                .map(port -> "127.0.0.1:" + port)
                .toList();
    }

    /** Host and port of the proxy. */
    String proxy() {
        return "127.0.0.1:" + ports.get(ORIGINS);
    }

    double originCpuNanos() {
        return Processes.cpuNanos(origin);
    }

    double proxyCpuNanos() {
        return Processes.cpuNanos(proxy);
    }

    @Override
    public void close() throws IOException {
        processes.close();
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i <= ORIGINS; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return sockets.stream().map(ServerSocket::getLocalPort).toList();
    }

    private String nginxSettings() {
        String listen = origins().stream()
                .map(address -> "listen " + address + " backlog=1024;")
                .collect(Collectors.joining(" "));
        return """
                daemon off;
                master_process off;
                pid nginx.pid;
                events { worker_connections 4096; }
                http {
                  access_log off;
                  client_body_temp_path temp;
                  proxy_temp_path temp;
                  fastcgi_temp_path temp;
                  uwsgi_temp_path temp;
                  scgi_temp_path temp;
                  keepalive_requests 1000000000;
                  keepalive_timeout 600s;
                  server {
                    %s
                    location / { default_type text/plain; return 200 "%s"; }
                  }
                }
                """.formatted(listen, "x".repeat(1_024));
    }

    private String haproxySettings() {
        String servers = origins().stream()
                .map(address -> "  server " + address.replace(':', '-') + " " + address)
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
                """.formatted(proxy(), servers);
    }
}
