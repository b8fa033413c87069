package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** nginx on three ports of this machine, and three more for TLS, and HAProxy before the first three. */
final class Loopback implements AutoCloseable {

    private static final int ORIGINS = 3;

    private final Processes processes = new Processes();
    private final Path scratch = Files.createTempDirectory("evenkeel");
    private final List<Integer> ports = HaProxy.freePorts(ORIGINS);
    private final List<Integer> securePorts = HaProxy.freePorts(ORIGINS);
    private final Certificate certificate;
    private final Process origin;
    private final HaProxy proxy;

    private Loopback(Path nginx) throws IOException, InterruptedException, GeneralSecurityException {
        certificate = Certificate.make(scratch);
        Path nginxFile = Files.writeString(scratch.resolve("nginx.conf"), nginxSettings());
        String log = scratch.resolve("nginx.log").toString();
        origin = processes.start(
                List.of(nginx.toString(), "-p", scratch.toString(), "-e", log, "-c", nginxFile.toString()));
        for (int port : ports) {
            HaProxy.awaitListener(port);
        }
        proxy = HaProxy.start(
                origins().stream().map(address -> "http://" + address).toList(), HaProxy.Settings.PLAIN);
    }

    /** Starts both, if both are installed. */
    static Optional<Loopback> start() throws IOException, InterruptedException, GeneralSecurityException {
        Optional<Path> nginx = Processes.find("nginx");
        return nginx.isEmpty() || !HaProxy.installed() ? Optional.empty() : Optional.of(new Loopback(nginx.get()));
    }

    /** Host and port of each origin. */
    List<String> origins() {
        return addresses(ports);
    }

    /** The same over TLS, for HTTP/1.1 and HTTP/2. */
    List<String> secureOrigins() {
        return addresses(securePorts);
    }

    private static List<String> addresses(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** The file with the origins' certificate. */
    Path certificate() {
        return certificate.chain();
    }

    /** Host and port of the proxy. */
    String proxy() {
        return proxy.address();
    }

    double originCpuNanos() {
        return Processes.cpuNanos(origin);
    }

    double proxyCpuNanos() {
        return proxy.cpuNanos();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        processes.close();
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String nginxSettings() {
        String listen = Stream.concat(
                        origins().stream().map(address -> "listen " + address + " backlog=1024;"),
                        secureOrigins().stream().map(address -> "listen " + address + " ssl http2 backlog=1024;"))
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
                  ssl_certificate tls.crt;
                  ssl_certificate_key tls.key;
                  server {
                    %s
                    location / { default_type text/plain; return 200 "%s"; }
                  }
                }
                """.formatted(listen, "x".repeat(1_024));
    }
}
