package io.evenkeel.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.evenkeel.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The servers that behaviours are seen at: those that are real are shared, those of a script are made for each run. */
final class Origins implements Closeable {

    private final List<Closeable> servers = new ArrayList<>();
    private final Map<Origin, Site> sites = new EnumMap<>(Origin.class);

    Origins(Path folder) throws Exception {
        try {
            start(folder);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void start(Path folder) throws Exception {
        JdkServer jdk = started(new JdkServer());
        sites.put(Origin.JDK, Site.of("http", jdk.port()));
        JettyServer jetty = started(new JettyServer());
        sites.put(Origin.JETTY, Site.of("http", jetty.port()));
        sites.put(Origin.JETTY_H2C, Site.of("http", jetty.upgradingPort()));
        sites.put(Origin.JETTY_H2, Site.of("https", jetty.securePort()));
        sites.put(Origin.JETTY_MUTUAL, Site.of("https", jetty.mutualPort()));
        sites.put(Origin.WIREMOCK, Site.of("http", wireMock().port()));
        if (Program.isInstalled("nginx")) {
            startNginx(Files.createDirectory(folder.resolve("nginx")), jetty.port());
        }
        if (Program.isInstalled("haproxy")) {
            startHaProxy(Files.createDirectory(folder.resolve("haproxy")), jetty.port());
        }
    }

    private <T extends Closeable> T started(T server) {
        servers.add(server);
        return server;
    }

    private WireMockServer wireMock() {
        WireMockServer server = new WireMockServer(
                wireMockConfig().bindAddress("127.0.0.1").dynamicPort().jettyStopTimeout(100L));
        servers.add(server::stop);
        server.start();
        server.stubFor(any(urlEqualTo("/late")).willReturn(ok("late").withFixedDelay(20_000)));
        server.stubFor(fault("/empty", Fault.EMPTY_RESPONSE));
        server.stubFor(fault("/reset", Fault.CONNECTION_RESET_BY_PEER));
        server.stubFor(fault("/random", Fault.RANDOM_DATA_THEN_CLOSE));
        server.stubFor(fault("/chunk", Fault.MALFORMED_RESPONSE_CHUNK));
        return server;
    }

    private static MappingBuilder fault(String path, Fault fault) {
        return any(urlEqualTo(path)).willReturn(aResponse().withFault(fault));
    }

    private void startNginx(Path folder, int jetty) throws Exception {
        List<Integer> ports = Program.freePorts(4);
        Certificates.AUTHORITY.authority().writeCertificate(folder.resolve("authority.pem"));
        Certificates.ofService().writeAll(folder.resolve("service.pem"));
        Files.createDirectories(folder.resolve("files/store"));
        Files.writeString(folder.resolve("files/page.txt"), "a page of nginx");
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  client_max_body_size 10m;
                  proxy_http_version 1.1;
                  ssl_certificate service.pem;
                  ssl_certificate_key service.pem;
                  server {
                    listen 127.0.0.1:%1$d;
                    listen 127.0.0.1:%2$d ssl http2;
                    root files;
                    location / { proxy_pass http://127.0.0.1:%5$d; }
                    location = /port { return 200 "$remote_port"; }
                    location = /address { return 200 "$remote_addr"; }
                    location = /tls { return 200 "$ssl_server_name $ssl_protocol $server_protocol"; }
                    location = /page.txt {}
                    location = /small { client_max_body_size 1k; proxy_pass http://127.0.0.1:%5$d; }
                    location = /last { keepalive_requests 1; return 200 "last"; }
                    location = /closed { return 444; }
                    location = /moved { return 301 /page.txt; }
                    location = /away { proxy_pass http://127.0.0.1:%4$d; }
                    location /store/ { dav_methods PUT DELETE; }
                  }
                  server {
                    listen 127.0.0.1:%3$d ssl http2;
                    ssl_client_certificate authority.pem;
                    ssl_verify_client on;
                    location / { return 200 "$ssl_client_s_dn $server_protocol"; }
                  }
                }
                """.formatted(
                        ports.get(0), ports.get(1), ports.get(2), ports.get(3), jetty));
        started(Program.start(
                folder,
                ports.get(0),
                "nginx",
                "-e",
                "stderr",
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString()));
        sites.put(Origin.NGINX, Site.of("http", ports.get(0)));
        sites.put(Origin.NGINX_H2, Site.of("https", ports.get(1)));
        sites.put(Origin.NGINX_MUTUAL, Site.of("https", ports.get(2)));
    }

    private void startHaProxy(Path folder, int jetty) throws Exception {
        List<Integer> ports = Program.freePorts(4);
        Certificates.AUTHORITY.authority().writeCertificate(folder.resolve("authority.pem"));
        Certificates.ofService().writeAll(folder.resolve("service.pem"));
        Files.writeString(folder.resolve("haproxy.cfg"), """
                global
                  nbthread 1
                  maxconn 1000
                defaults
                  mode http
                  retries 0
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend front
                  bind 127.0.0.1:%1$d
                  bind 127.0.0.1:%2$d ssl crt service.pem alpn h2,http/1.1
                  http-request return status 200 content-type text/plain lf-string "%%[src_port]" if { path /port }
                  http-request return status 200 content-type text/plain lf-string "%%[ssl_fc_sni] %%[ssl_fc_protocol]" if { path /tls }
                  http-request return status 200 content-type text/plain lf-string "%%[method] %%[pathq] %%[req.hdr(x-own)]" if { path /told }
                  http-request deny deny_status 429 if { path /busy }
                  http-request reject if { path /closed }
                  http-request redirect code 302 location /told if { path /moved }
                  use_backend away if { path /away }
                  default_backend jetty
                frontend mutual
                  bind 127.0.0.1:%3$d ssl crt service.pem ca-file authority.pem verify required alpn h2,http/1.1
                  http-request return status 200 content-type text/plain lf-string "%%[ssl_c_s_dn]"
                backend jetty
                  server jetty 127.0.0.1:%5$d
                backend away
                  server away 127.0.0.1:%4$d
                """.formatted(
                        ports.get(0), ports.get(1), ports.get(2), ports.get(3), jetty));
        started(Program.start(folder, ports.get(0), "haproxy", "-db", "-f", "haproxy.cfg"));
        sites.put(Origin.HAPROXY, Site.of("http", ports.get(0)));
        sites.put(Origin.HAPROXY_H2, Site.of("https", ports.get(1)));
        sites.put(Origin.HAPROXY_MUTUAL, Site.of("https", ports.get(2)));
    }

    /** Whether it is a program that is not installed. */
    boolean isMissing(Origin origin) {
        return (origin.isNginx() || origin.isHaProxy()) && !sites.containsKey(origin);
    }

    @Override
    public void close() throws IOException {
        for (Closeable server : servers.reversed()) {
            server.close();
        }
    }

    /** A server, for one run: what was asked is only known of scripted ones. */
    record Open(Site site, List<String> requests, List<Closeable> own) implements Closeable {

        @Override
        public void close() throws IOException {
            for (Closeable server : own) {
                server.close();
            }
        }
    }

    Open open(Origin origin, Behaviour.Script script, Cues cues) throws Exception {
        return switch (origin) {
            case SCRIPTED -> scripted(script, cues, "127.0.0.1");
            case PAIR -> scripted(script, cues, "127.0.0.1", "127.0.0.2");
            case SIX -> scripted(script, cues, "::1");
            case TLS, TLS_NAME, TLS_WRONG, TLS_EXPIRED, TLS_STRANGER -> {
                List<String> requests = new CopyOnWriteArrayList<>();
                ScriptedServer server =
                        ScriptedServer.startTls(Certificates.of(origin), noting(script, cues, requests));
                yield new Open(Site.of("https", server.port()), requests, List.of(server));
            }
            case NOBODY -> shared(Site.of("http", ScriptedServer.refusing().port()));
            case UNKNOWN -> shared(Site.of("http://nowhere.test:1", Endpoint.of("http://nowhere.test:1")));
            case FULL -> {
                FullBacklog full = new FullBacklog();
                yield new Open(Site.of("http", full.endpoint().port()), List.of(), List.of(full));
            }
            default -> shared(sites.get(origin));
        };
    }

    private static Open shared(Site site) {
        return new Open(site, List.of(), List.of());
    }

    /** In clear, at addresses of this machine. */
    private static Open scripted(Behaviour.Script script, Cues cues, String... addresses) throws IOException {
        List<String> requests = new CopyOnWriteArrayList<>();
        List<ScriptedServer> servers = new ArrayList<>();
        for (String address : addresses) {
            servers.add(ScriptedServer.startAt(InetAddress.getByName(address), noting(script, cues, requests)));
        }
        String name = addresses[0].equals("::1") ? "six.test" : Site.NAME;
        Site site = Site.of(
                "http://" + name + ":" + servers.get(0).port(),
                servers.stream().map(ScriptedServer::endpoint).toArray(Endpoint[]::new));
        return new Open(site, requests, List.copyOf(servers));
    }

    private static ScriptedServer.Script noting(Behaviour.Script script, Cues cues, List<String> requests) {
        return visit -> {
            requests.add(text(visit.request()));
            script.serve(visit, cues);
        };
    }

    private static String text(ScriptedServer.Received request) {
        return request.method() + " " + request.target() + " " + request.version() + " "
                + Echo.withoutHost(request.headers());
    }
}
