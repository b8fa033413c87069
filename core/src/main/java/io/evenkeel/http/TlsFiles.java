package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Whom to trust, and the client's own certificate and key, in PEM files that are read again when they change, so that both can be replaced
 * while the service runs:
 *
 * <pre>{@code
 * SSLContext tls = TlsFiles.trusting(Path.of("ca.pem")).withKey(Path.of("tls.crt"), Path.of("tls.key")).context();
 * BalancedHttpClient.builder().transport(() -> HttpClient.newBuilder().sslContext(tls))
 * }</pre>
 *
 * <p>A connection that is made later than {@link #withCheckEvery} after a change uses the new files; those that are open stay as they are. What cannot be
 * read, or a key that does not belong to its certificate, changes nothing: what was read last stays in use, and it is reported once.
 *
 * <p>Immutable. The context may be used by any threads.
 */
public final class TlsFiles {

    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Optional<Path> authorities;
    private final Optional<Path> chain;
    private final Optional<Path> key;
    private final Duration every;
    private final Consumer<Exception> onError;

    private TlsFiles(
            Optional<Path> authorities,
            Optional<Path> chain,
            Optional<Path> key,
            Duration every,
            Consumer<Exception> onError) {
        this.authorities = authorities;
        this.chain = chain;
        this.key = key;
        this.every = every;
        this.onError = onError;
    }

    /** Servers whose certificates an authority of those in {@code authorities} has signed, and no others. */
    public static TlsFiles trusting(Path authorities) {
        return new TlsFiles(Optional.of(authorities), Optional.empty(), Optional.empty(), EVERY, error -> {});
    }

    /** Servers that the JDK trusts by default. */
    public static TlsFiles trustingDefaults() {
        return new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), EVERY, error -> {});
    }

    /** A copy that shows servers the certificate whose chain, its own first, is in {@code chain}, and has its key, not encrypted, in {@code key};
     * this may be one file. */
    public TlsFiles withKey(Path chain, Path key) {
        return new TlsFiles(authorities, Optional.of(chain), Optional.of(key), every, onError);
    }

    /** A copy that looks for changes as connections are made, but not more often than this, longer than zero. Default: 10 s.
     *
     * @throws IllegalArgumentException if {@code every} is not longer than zero */
    public TlsFiles withCheckEvery(Duration every) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("check every " + every + ", but must be longer than zero");
        }
        return new TlsFiles(authorities, chain, key, every, onError);
    }

    /** A copy that tells of files that cannot be used, besides a warning in the log; on a thread that makes a connection. */
    public TlsFiles onError(Consumer<Exception> onError) {
        return new TlsFiles(authorities, chain, key, every, requireNonNull(onError, "onError"));
    }

    /**
     * Reads the files.
     *
     * @throws IOException if one of them cannot be read, or holds something else
     * @throws GeneralSecurityException if what it holds cannot be used
     */
    public SSLContext context() throws IOException, GeneralSecurityException {
        return context(Defaults::nanoTime);
    }

    SSLContext context(LongSupplier nanoTime) throws IOException, GeneralSecurityException {
        Credentials credentials = new Credentials(authorities, chain, key);
        Reloading reloading = new Reloading(credentials, Lifecycle.saturatedNanos(every), onError, nanoTime);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = {reloading.keys()};
        TrustManager[] trust = {reloading.trust()};
        context.init(chain.isPresent() ? keys : null, authorities.isPresent() ? trust : null, null);
        reloading.forgetsSessionsOf(context);
        return WrappedContext.before(reloading::lookIfDue, context);
    }
}
