package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Proxies and WebSockets. */
final class DetourBehaviours {

    private DetourBehaviours() {}

    static List<Behaviour> all() {
        return Stream.concat(proxies(), webSockets()).toList();
    }

    /** Says that the server itself is its proxy. */
    private static final class Itself extends ProxySelector {

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(
                    new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort())));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {}
    }

    private static Stream<Behaviour> proxies() {
        return Stream.of(
                that("a proxy is asked for the service", caller -> caller.get("/x"))
                        .with(settings -> settings.proxy(new Itself()))
                        .at((visit, cues) -> visit.answer(200, "by proxy"))
                        .differs(Why.HOST, "requests"),
                that("a proxy's challenge is met by the authenticator", caller -> caller.send(caller.post("/x")))
                        .with(settings -> settings.proxy(new Itself()).authenticator(new Authenticator() {
                            @Override
                            protected PasswordAuthentication getPasswordAuthentication() {
                                return new PasswordAuthentication("user", "word".toCharArray());
                            }
                        }))
                        .at((visit, cues) -> {
                            boolean known = !visit.request()
                                    .header("proxy-authorization")
                                    .isEmpty();
                            visit.answer(known ? 200 : 407, "?", "Proxy-Authenticate: Basic realm=\"way\"");
                        })
                        .differs(Why.HOST, "requests"),
                that("a proxy that refuses is an answer", caller -> caller.send(caller.post("/x")))
                        .with(settings -> settings.proxy(new Itself()))
                        .at((visit, cues) -> visit.answer(403, "no"))
                        .differs(Why.HOST, "requests"));
    }

    private static Stream<Behaviour> webSockets() {
        return Stream.of(
                that("a WebSocket is opened, and a text comes", caller -> {
                            CompletableFuture<CharSequence> text = new CompletableFuture<>();
                            WebSocket socket = caller.client()
                                    .newWebSocketBuilder()
                                    .subprotocols("chat")
                                    .header("X-Own", "1")
                                    .buildAsync(chat(caller), new Hearing(text))
                                    .get(20, TimeUnit.SECONDS);
                            caller.note("subprotocol", socket.getSubprotocol());
                            caller.note("text", text.get(20, TimeUnit.SECONDS));
                            socket.abort();
                        })
                        .at(DetourBehaviours::greet)
                        .whateverArrives(),
                that("a WebSocket that is refused is an error", caller -> {
                            try {
                                caller.client()
                                        .newWebSocketBuilder()
                                        .buildAsync(chat(caller), new WebSocket.Listener() {})
                                        .join();
                            } catch (CompletionException e) {
                                caller.seen().noteError(e);
                                caller.note(
                                        "status",
                                        ((WebSocketHandshakeException) e.getCause())
                                                .getResponse()
                                                .statusCode());
                            }
                        })
                        .at((visit, cues) -> visit.answer(403, "no"))
                        .whateverArrives());
    }

    private static URI chat(Caller caller) {
        return URI.create(caller.service().toString().replace("http:", "ws:") + "/chat");
    }

    private static final class Hearing implements WebSocket.Listener {

        private final CompletableFuture<CharSequence> heard;

        Hearing(CompletableFuture<CharSequence> heard) {
            this.heard = heard;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            heard.complete(text.toString());
            return null;
        }
    }

    /** RFC 6455, sections 4.2.2 and 5.2. */
    private static void greet(ScriptedServer.Visit visit, Cues cues) throws IOException {
        String key = visit.request().header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        visit.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(sha1(key)) + "\r\n\r\n");
        byte[] text = (visit.request().header("host") + " " + visit.request().header("x-own")).getBytes(UTF_8);
        visit.write(new byte[] {(byte) 0x81, (byte) text.length});
        visit.write(text);
        visit.hang();
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
