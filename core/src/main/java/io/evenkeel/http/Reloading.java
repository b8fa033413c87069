package io.evenkeel.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Managers of a TLS context whose files are read again as connections are made: those that resume a session ask no manager. */
final class Reloading {

    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

    private final Credentials credentials;
    private final long everyNanos;
    private final Consumer<Exception> onError;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Credentials.Read current;
    /** The one before, for handshakes that have begun with it. */
    private volatile Credentials.Read previous;

    private volatile long lookedNanos;
    private List<String> refused = List.of();
    /** Whether handshakes that began with the files before may have agreed on sessions since they were forgotten. */
    private boolean forgetAgain;

    private @Nullable SSLContext context;

    Reloading(Credentials credentials, long everyNanos, Consumer<Exception> onError, LongSupplier nanoTime)
            throws IOException, GeneralSecurityException {
        this.credentials = credentials;
        this.everyNanos = everyNanos;
        this.onError = onError;
        this.nanoTime = nanoTime;
        this.current = credentials.read(0);
        this.previous = current;
        this.lookedNanos = nanoTime.getAsLong();
    }

    /** What is agreed on with the old files is not resumed with the new ones. */
    void forgetsSessionsOf(SSLContext context) {
        this.context = context;
    }

    X509ExtendedKeyManager keys() {
        return new Keys();
    }

    X509ExtendedTrustManager trust() {
        return new Trust();
    }

    /** Reads the files again, if it is time and they have changed. */
    void lookIfDue() {
        if (nanoTime.getAsLong() - lookedNanos >= everyNanos && lock.tryLock()) {
            try {
                look();
            } finally {
                lock.unlock();
            }
        }
    }

    private void look() {
        lookedNanos = nanoTime.getAsLong();
        List<String> versions = credentials.versions();
        if (forgetAgain) {
            forgetAgain = false;
            forgetSessions();
        }
        if (versions.equals(current.versions())) {
            return;
        }
        try {
            Credentials.Read next = credentials.read(current.number() + 1);
            previous = current;
            current = next;
            refused = List.of();
            forgetSessions();
            forgetAgain = true;
            LOG.info("TLS files were replaced, and are in use: {}", credentials);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            report(versions, e);
        }
    }

    private void report(List<String> versions, Exception error) {
        if (versions.equals(refused)) {
            return;
        }
        refused = versions;
        LOG.warn("TLS files have changed, but cannot be used; those read before stay in use: {}", error.toString());
        try {
            onError.accept(error);
        } catch (RuntimeException e) {
            LOG.warn("the listener to errors of TLS files failed", e);
        }
    }

    private void forgetSessions() {
        if (context == null) {
            return;
        }
        SSLSessionContext sessions = context.getClientSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            var session = sessions.getSession(id);
            if (session != null) {
                session.invalidate();
            }
        }
    }

    /** Its aliases say which reading they are of: a handshake asks for the chain and the key after it has chosen. */
    private final class Keys extends X509ExtendedKeyManager {

        private @Nullable String marked(Credentials.Read read, @Nullable String alias) {
            return alias == null ? null : read.number() + ":" + alias;
        }

        private Credentials.Read readingOf(String alias) {
            Credentials.Read last = current;
            return alias.startsWith(last.number() + ":") ? last : previous;
        }

        private String unmarked(String alias) {
            return alias.substring(alias.indexOf(':') + 1);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            Credentials.Read read = current;
            return marked(read, read.keys().chooseClientAlias(keyTypes, issuers, socket));
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            Credentials.Read read = current;
            return marked(read, read.keys().chooseEngineClientAlias(keyTypes, issuers, engine));
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return readingOf(alias).keys().getCertificateChain(unmarked(alias));
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return readingOf(alias).keys().getPrivateKey(unmarked(alias));
        }

        // What only lists, and servers, ask

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    private final class Trust extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            current.trust().checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            current.trust().checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            current.trust().checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            current.trust().checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            current.trust().checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            current.trust().checkServerTrusted(chain, authType, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return current.trust().getAcceptedIssuers();
        }
    }
}
