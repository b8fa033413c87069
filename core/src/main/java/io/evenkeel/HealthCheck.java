package io.evenkeel;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Active checks: each replica is asked now and then how it is. One that fails some checks in a row is out until it passes some in a row;
 * one that is listed later than the first list gets no calls before it has passed one, unless more than half of the list is as new: then there
 * are too few others. Off unless set.
 *
 * <p>Checks add to what calls show and take nothing away: a replica that calls find failing is not in for passing its checks, and
 * one that answered calls since its last check, and failed none, is not checked. All replicas of a balancer together are
 * checked at most twice a second, whatever the interval.
 *
 * @param way how to ask
 * @param interval time between two checks of a replica, give or take a tenth, 100 ms to an hour, default 5 s
 * @param timeout how long an answer may take, 1 ms to a minute, default 1 s; a connection has a second of it at most, but for those of a client of your own
 * @param rise checks passed in a row that bring a replica back, 1 to 100, default 2
 * @param fall checks failed in a row that take a replica out, 1 to 100, default 3
 * @param dryRun whether nobody is taken out, and {@link Observer#wouldHaveTakenOut} is told instead; default false
 */
public record HealthCheck(Way way, Duration interval, Duration timeout, int rise, int fall, boolean dryRun) {

    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
    private static final Duration MOST_INTERVAL = Duration.ofHours(1);
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(1);

    /** How to ask a replica. */
    public sealed interface Way {}

    /**
     * By a GET request to the endpoint's address.
     *
     * @param path with a query if need be, beginning with one slash, and escaped where a URI must be
     * @param headers to send, by name; such as a client may set
     * @param leastStatus the lowest status of a good answer
     * @param mostStatus the highest
     */
    public record Get(String path, SortedMap<String, String> headers, int leastStatus, int mostStatus) implements Way {

        /** Checks every field.
         *
         * @throws IllegalArgumentException naming the bad field, its value and its range */
        public Get {
            if (!path.startsWith("/") || path.startsWith("//") || path.contains("#")) {
                throw new IllegalArgumentException(
                        "path is \"" + path + "\", but must begin with one slash, and have no fragment");
            }
            try {
                new URI(path);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("path must be that of a URI: " + e.getMessage());
            }
            Check.range("leastStatus", leastStatus, 100, 599);
            Check.range("mostStatus", mostStatus, leastStatus, 599);
            headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        }

        /** Without the values of headers, which may be secret. */
        @Override
        public String toString() {
            return "GET " + path + " with " + headers.keySet() + ", " + leastStatus + " to " + mostStatus;
        }
    }

    /** By a TCP connection, which is closed at once. */
    public record Connect() implements Way {}

    /**
     * By a function of the user's, which must not block: the stage completes with whether the replica is well; an exception counts
     * as no.
     *
     * @param function asks an endpoint
     */
    public record Asking(Function<Endpoint, ? extends CompletionStage<Boolean>> function) implements Way {

        /** Checks that there is one. */
        public Asking {
            requireNonNull(function, "function");
        }
    }

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public HealthCheck {
        requireNonNull(way, "way");
        between("interval", interval, LEAST_INTERVAL, MOST_INTERVAL);
        between("timeout", timeout, LEAST_TIMEOUT, MOST_TIMEOUT);
        Check.range("rise", rise, 1, 100);
        Check.range("fall", fall, 1, 100);
    }

    private static void between(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + least + " to " + most);
        }
    }

    /** By a GET request for {@code path}, such as {@code /healthz}; well is who answers 200 to 399. */
    public static HealthCheck get(String path) {
        return by(new Get(path, new TreeMap<>(), 200, 399));
    }

    /** By a TCP connection. */
    public static HealthCheck connect() {
        return by(new Connect());
    }

    /** By a function, for protocols of one's own; it must not block. */
    public static HealthCheck of(Function<Endpoint, ? extends CompletionStage<Boolean>> function) {
        return by(new Asking(function));
    }

    private static HealthCheck by(Way way) {
        return new HealthCheck(way, Duration.ofSeconds(5), Duration.ofSeconds(1), 2, 3, false);
    }

    /** A copy that sends a header, too.
     *
     * @throws IllegalStateException unless it is a check by GET */
    public HealthCheck withHeader(String name, String value) {
        Get get = asGet("header " + name);
        SortedMap<String, String> more = new TreeMap<>(get.headers);
        more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return by(new Get(get.path, more, get.leastStatus, get.mostStatus), this);
    }

    /** A copy that takes answers of these statuses as good, and no others, 100 to 599.
     *
     * @throws IllegalStateException unless it is a check by GET */
    public HealthCheck withStatus(int least, int most) {
        Get get = asGet("status");
        return by(new Get(get.path, get.headers, least, most), this);
    }

    private Get asGet(String what) {
        if (way instanceof Get get) {
            return get;
        }
        throw new IllegalStateException("a " + what + " is for checks by GET: HealthCheck.get(path)");
    }

    private static HealthCheck by(Way way, HealthCheck other) {
        return new HealthCheck(way, other.interval, other.timeout, other.rise, other.fall, other.dryRun);
    }

    /** A copy with another time between two checks, 100 ms to an hour. */
    public HealthCheck withInterval(Duration interval) {
        return new HealthCheck(way, interval, timeout, rise, fall, dryRun);
    }

    /** A copy with another timeout, 1 ms to a minute. */
    public HealthCheck withTimeout(Duration timeout) {
        return new HealthCheck(way, interval, timeout, rise, fall, dryRun);
    }

    /** A copy that brings a replica back after {@code rise} good checks, and takes it out after {@code fall} bad ones, 1 to 100. */
    public HealthCheck withRiseAndFall(int rise, int fall) {
        return new HealthCheck(way, interval, timeout, rise, fall, dryRun);
    }

    /** A copy that only says whom it would take out. */
    public HealthCheck withDryRun(boolean dryRun) {
        return new HealthCheck(way, interval, timeout, rise, fall, dryRun);
    }
}
