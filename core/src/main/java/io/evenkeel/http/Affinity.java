package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps requests that belong together, a session, on one replica. Off unless set ({@link BalancedHttpClient.Builder#affinity}).
 *
 * <ul>
 *   <li>{@link #header} and {@link #key}: equal keys go to the same replica by consistent hashing, from whichever client, without
 *       anything being remembered. A replica that comes or goes, of n, moves about 1/n of the keys. With {@link #withMemory} a key stays where it first
 *       went although others come.
 *   <li>{@link #cookie}: a session cookie of the servers' own. The replica that sets it is remembered for its value, in a table of this client that is bounded in
 *       size and time. A value that is not in the table is placed by consistent hashing.
 *   <li>{@link #token}: a cookie of ours, which answers bring to whoever sends none that names a replica: a keyed hash of the replica's id. Clients with the
 *       same secret agree, and nothing is remembered.
 * </ul>
 *
 * <p>A session's replica is <em>gone</em> when it is not listed, drained, disabled, ejected, behind an open breaker or unhealthy, or does not have the tags that a
 * call wants: {@link Gone} says what then. One whose weight is 0 (the operator's, or the list's) keeps its sessions and gets no others. A session moves
 * only when its replica is gone: what is sent elsewhere because the replica is too busy ({@link #withBound}), or repeated there because an attempt failed, changes
 * nothing for the requests to come.
 *
 * <p>Without a key, cookie or token, or with one that is blank, forged or stale, a request is placed as any other. Keys, values of cookies, tokens and the secret are
 * in no log, no message and no {@code toString}.
 *
 * <p>Immutable. Threads: any.
 */
public final class Affinity {

    private static final int MOST_KEYS = 10_000_000;
    private static final int DEFAULT_KEYS = 100_000;
    private static final Duration LONGEST_IDLE = Duration.ofDays(365);
    private static final Duration DEFAULT_IDLE = Duration.ofMinutes(30);
    private static final int LEAST_SECRET = 16;
    private static final double MOST_BOUND = 1_000;
    private static final double DEFAULT_BOUND = 2;

    /** What becomes of a request whose session's replica is gone. */
    public enum Gone {
        /** It goes elsewhere, and its session belongs there from then on. */
        REBALANCE,
        /**
         * It fails with {@link io.evenkeel.NoEndpointException}, and if the replica has as many calls in flight as it may, with {@link
         * io.evenkeel.OverloadedException}. Repeats go to the same replica after a backoff, and there are no hedges.
         */
        FAIL
    }

    /** How the replica is known. */
    private sealed interface Kind {}

    /** By a key, of which nothing is remembered. */
    private record Hashed(SessionKey key) implements Kind {}

    /** By a key, in a table. */
    private record Remembered(SessionKey key, int most, Duration idle) implements Kind {}

    /** By a token in a cookie. */
    private record Named(String cookie, SecretKeySpec secret) implements Kind {}

    private final Kind kind;
    private final Gone gone;
    private final double bound;

    private Affinity(Kind kind, Gone gone, double bound) {
        this.kind = kind;
        this.gone = requireNonNull(gone, "gone");
        this.bound = bound;
        if (!(bound >= 1 && bound <= MOST_BOUND)) {
            throw new IllegalArgumentException("bound is " + bound + ", but must be 1 to " + (int) MOST_BOUND);
        }
        if (kind instanceof Hashed && (gone == Gone.FAIL || bound != DEFAULT_BOUND)) {
            throw new IllegalArgumentException("gone is " + gone + " and bound " + bound
                    + ", but keys that are only hashed have no replica of their own: use withMemory(...) before");
        }
    }

    private static Affinity of(Kind kind) {
        return new Affinity(kind, Gone.REBALANCE, DEFAULT_BOUND);
    }

    /**
     * By the value of a request header, such as {@code X-User}; the first, if there are several.
     *
     * @throws IllegalArgumentException if a request can have no such header
     */
    public static Affinity header(String name) {
        HttpRequest.newBuilder().setHeader(name, "1"); // checks it
        return of(new Hashed(SessionKey.ofHeader(name)));
    }

    /**
     * By what a function makes of the request. Asked once for each request, on the caller's thread; what it throws is the caller's to see.
     *
     * @param key gives the key, or nothing
     */
    public static Affinity key(Function<HttpRequest, Optional<String>> key) {
        return of(new Hashed(new SessionKey("a key", requireNonNull(key, "key"), Optional.empty())));
    }

    /**
     * By a session cookie that the servers set, such as {@code JSESSIONID}: with a memory of 100,000 values, each until it was not seen for 30 minutes.
     *
     * @throws IllegalArgumentException if a cookie can have no such name
     */
    public static Affinity cookie(String name) {
        SessionKey key = SessionKey.ofCookie(Cookies.checkName(name));
        return of(new Remembered(key, DEFAULT_KEYS, DEFAULT_IDLE));
    }

    /**
     * By a cookie of ours, which is added to the headers of answers: {@code HttpOnly}, {@code Path=/}, {@code Secure} if the request's URI is https, without an
     * end. It tells nothing of the replica's address. Whoever sends it back goes to the same replica. An answer that is a failure brings none.
     *
     * @param cookie its name; none that the servers use
     * @param secret at least 16 bytes, best of chance, the same for all clients that are to agree; with another, all sessions begin anew
     * @throws IllegalArgumentException if a cookie can have no such name, or the secret is too short
     */
    public static Affinity token(String cookie, byte[] secret) {
        if (secret.length < LEAST_SECRET) {
            throw new IllegalArgumentException(
                    "the secret has " + secret.length + " bytes, but must have at least " + LEAST_SECRET);
        }
        return of(new Named(Cookies.checkName(cookie), new SecretKeySpec(secret, "HmacSHA256")));
    }

    /**
     * A copy that remembers for each key the replica that answered it first, in each client for itself: it stays there although others come. A key that
     * is not remembered is placed by consistent hashing.
     *
     * @param most so many keys, 1 to 10,000,000; if there are more, those used least are forgotten. A key takes some 150 bytes, however long it is
     * @param idle for how long one is remembered that is not used, longer than zero, at most 365 days
     * @throws IllegalArgumentException if a value is out of range, or this goes by a token, which needs no memory
     */
    public Affinity withMemory(int most, Duration idle) {
        if (most < 1 || most > MOST_KEYS) {
            throw new IllegalArgumentException("most is " + most + ", but must be 1 to " + MOST_KEYS);
        }
        if (idle.isNegative() || idle.isZero() || idle.compareTo(LONGEST_IDLE) > 0) {
            throw new IllegalArgumentException(
                    "idle is " + idle + ", but must be longer than zero and at most " + LONGEST_IDLE);
        }
        return new Affinity(new Remembered(key(), most, idle), gone, bound);
    }

    /** A copy that remembers nothing: keys are placed by consistent hashing alone. For a cookie that clients set, or whose value any server knows. */
    public Affinity withoutMemory() {
        return new Affinity(new Hashed(key()), gone, bound);
    }

    private SessionKey key() {
        return switch (kind) {
            case Hashed hashed -> hashed.key;
            case Remembered remembered -> remembered.key;
            case Named named -> throw new IllegalArgumentException("a token names its replica and needs no memory");
        };
    }

    /**
     * A copy with another answer to the replica of a session being gone; default {@link Gone#REBALANCE}.
     *
     * @throws IllegalArgumentException if it is {@link Gone#FAIL}, and keys are only hashed
     */
    public Affinity withGone(Gone gone) {
        return new Affinity(kind, gone, bound);
    }

    /**
     * A copy with another bound: beyond it, requests of a session go elsewhere although its replica could be used, so that a session, or some, with
     * very many requests cannot overload it. A replica may have so many times as many calls of this client in flight as the others have on
     * average, by their weights, and what chance adds to that; up to 16 it always may. Counts only with {@link Gone#REBALANCE}. Keys that are only
     * hashed have a bound of their own, 1.25.
     *
     * @param bound 1 to 1,000, default 2
     * @throws IllegalArgumentException if it is out of range, or keys are only hashed
     */
    public Affinity withBound(double bound) {
        return new Affinity(kind, gone, bound);
    }

    /** For one client: what is remembered is its own. */
    Sessions sessions() {
        Pinning pinning = new Pinning(gone == Gone.FAIL, bound);
        return switch (kind) {
            case Hashed hashed -> new HashedSessions(hashed.key);
            case Remembered remembered ->
                new RememberedSessions(
                        remembered.key, new StickTable(remembered.most, remembered.idle, Defaults::nanoTime), pinning);
            case Named named -> new TokenSessions(named.cookie, named.secret, pinning);
        };
    }

    /** Without the secret. */
    @Override
    public String toString() {
        String by = switch (kind) {
            case Hashed hashed -> hashed.key.inWords() + ", hashed";
            case Remembered remembered ->
                remembered.key.inWords() + ", " + remembered.most + " remembered for " + remembered.idle;
            case Named named -> "a token in cookie " + named.cookie;
        };
        return "Affinity[" + by + ", gone=" + gone + ", bound=" + bound + "]";
    }
}
