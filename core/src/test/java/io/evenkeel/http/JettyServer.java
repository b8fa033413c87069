package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty, by every protocol that it speaks, which says what it was asked. */
final class JettyServer implements Closeable {

    private final Server server = new Server(new QueuedThreadPool(40));
    private final ServerConnector plain;
    private final ServerConnector upgrading;
    private final ServerConnector secure;
    private final ServerConnector mutual;

    JettyServer() throws Exception {
        HttpConfiguration settings = new HttpConfiguration();
        settings.setSendServerVersion(false);
        plain = connector(new HttpConnectionFactory(settings));
        upgrading = connector(new HttpConnectionFactory(settings), new HTTP2CServerConnectionFactory(settings));
        secure = connector(secured(settings, false));
        mutual = connector(secured(settings, true));
        server.setHandler(new Answering());
        server.start();
    }

    private static ConnectionFactory[] secured(HttpConfiguration settings, boolean mutual) throws Exception {
        HttpConfiguration secured = new HttpConfiguration(settings);
        secured.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server certificates = new SslContextFactory.Server();
        certificates.setSslContext(Certificates.AUTHORITY.context(Certificates.ofService()));
        certificates.setNeedClientAuth(mutual);
        ALPNServerConnectionFactory negotiation = new ALPNServerConnectionFactory();
        negotiation.setDefaultProtocol("http/1.1");
        return new ConnectionFactory[] {
            new SslConnectionFactory(certificates, negotiation.getProtocol()),
            negotiation,
            new HTTP2ServerConnectionFactory(secured),
            new HttpConnectionFactory(secured)
        };
    }

    private ServerConnector connector(ConnectionFactory... protocols) {
        ServerConnector connector = new ServerConnector(server, 1, 1, protocols);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        return connector;
    }

    /** Of HTTP/1.1 alone. */
    int port() {
        return plain.getLocalPort();
    }

    int upgradingPort() {
        return upgrading.getLocalPort();
    }

    int securePort() {
        return secure.getLocalPort();
    }

    int mutualPort() {
        return mutual.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        try {
            server.setStopTimeout(0);
            server.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static final class Answering extends AbstractHandler {

        @Override
        public void handle(String path, Request base, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            base.setHandled(true);
            switch (path) {
                case "/host" -> write(response, request.getServerName() + ":" + request.getServerPort());
                case "/push" -> {
                    if (request.newPushBuilder() != null) {
                        request.newPushBuilder().path("/pushed").push();
                    }
                    write(response, "and more");
                }
                case "/pushed" -> write(response, "pushed");
                case "/trailers" -> {
                    response.setTrailerFields(() -> Map.of("x-after", "all"));
                    write(response, "body");
                }
                case "/abort" -> base.getHttpChannel().abort(new IOException("aborted"));
                case "/abort/late" -> {
                    response.setContentLength(1000);
                    write(response, "some of it");
                    response.flushBuffer();
                    base.getHttpChannel().abort(new IOException("aborted"));
                }
                default -> answer(base, request, response);
            }
        }

        private static void answer(Request base, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            Map<String, List<String>> headers = new TreeMap<>();
            for (String name : Collections.list(request.getHeaderNames())) {
                headers.put(name, Collections.list(request.getHeaders(name)));
            }
            Echo echo = Echo.of(
                    request.getMethod(),
                    base.getHttpURI().getPathQuery(),
                    headers,
                    request.getInputStream().readAllBytes(),
                    request.getRemotePort());
            response.setStatus(echo.status());
            response.getOutputStream().write(echo.body());
        }

        private static void write(HttpServletResponse response, String text) throws IOException {
            response.getOutputStream().write(text.getBytes(UTF_8));
        }
    }
}
