package io.evenkeel.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Where every call is to be balanced, and WebSockets are not. */
final class NoWebSockets implements WebSocket.Builder {

    @Override
    public WebSocket.Builder header(String name, String value) {
        return this;
    }

    @Override
    public WebSocket.Builder connectTimeout(Duration timeout) {
        return this;
    }

    @Override
    public WebSocket.Builder subprotocols(String mostPreferred, String... lesserPreferred) {
        return this;
    }

    @Override
    public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
        return CompletableFuture.failedFuture(new IOException("a WebSocket to " + uri.getHost()
                + " would not be balanced, and onlyBalanced() lets no such call pass: make it by another client"));
    }
}
