package io.evenkeel.http;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A TLS context that is another, but for what is done before it makes a connection, and whom it takes for the peer. */
final class WrappedContext extends SSLContext {

    private WrappedContext(SSLContext context, Runnable before, UnaryOperator<String> peer) {
        super(new Spi(context, before, peer), context.getProvider(), context.getProtocol());
    }

    /** Runs {@code task} before each connection is made. */
    static SSLContext before(Runnable task, SSLContext context) {
        return new WrappedContext(context, task, UnaryOperator.identity());
    }

    /**
     * Whose peers are all called {@code name}, whatever address they have: sessions are kept, and resumed without a look at the certificate, by what the
     * peer is called. So none that was agreed on with a server of one name is resumed for another.
     */
    static SSLContext named(String name, SSLContext context) {
        return new WrappedContext(context, () -> {}, address -> name);
    }

    private static final class Spi extends SSLContextSpi {

        private final SSLContext context;
        private final Runnable before;
        private final UnaryOperator<String> peer;

        Spi(SSLContext context, Runnable before, UnaryOperator<String> peer) {
            this.context = context;
            this.before = before;
            this.peer = peer;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("is initialised");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            before.run();
            return context.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            before.run();
            return context.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            before.run();
            return context.createSSLEngine(peer.apply(host), port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return context.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return context.getSupportedSSLParameters();
        }
    }
}
