package io.evenkeel.discovery.dns;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import java.time.Duration;
import java.util.List;

/**
 * Endpoints that DNS names: the addresses of a host, or the targets of a service. Asks as often as the records say.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(DnsEndpoints.of("http://orders.example:8080"))
 *         .build();
 * var users = LoadBalancer.builder("users")
 *         .source(DnsEndpoints.srv("http", "_http._tcp.users.example"))
 *         .build();
 * }
 *
 * <p><b>A host</b> has an endpoint for each of its A and AAAA records, all of weight 1. <b>A service</b> has one for each address of each target of its SRV
 * records, with the port of the record. The weight of a record is divided among the addresses of its target; where all records of a priority have
 * weight 0, each counts 1, and next to others, 0 counts 0.1. The priorities become 0, 1, 2 and so on, in their order. Aliases (CNAME) are followed.
 * Endpoints are addresses; over https a balanced client asks their certificates for the service's name.
 *
 * <p><b>When it asks</b>: when the first of the records has reached its time to live, but no sooner than after 1 s and no later than after 30 s, less up to a
 * tenth left to chance. Somebody who doubts the list ({@link Watch#refresh}) makes it ask sooner, at most once a second. No cache is between it and the name
 * servers, neither the JDK's nor one of its own. A file of hosts, such as {@code /etc/hosts}, is not read.
 *
 * <p><b>How long it waits</b>: all questions are asked at once, and one that nobody answers, such as those for AAAA records that a firewall drops, holds the others back
 * for 1 s at most after the last answer, if there were records. Without any, it waits until each name server has had its time; for
 * many questions together, four times as long at most.
 *
 * <p><b>Whom it asks</b>: the name servers of the system, one after the other until one answers: by UDP, twice, and by TCP if the answer does not fit; then first
 * the one that answered last. A name that does not end in a dot may be incomplete: the search domains of the system are added to it, as to any other
 * name. The system's settings are read when a watch begins and after trouble.
 *
 * <p><b>What is wrong</b> is reported, and never makes a list shorter than it must:
 *
 * <ul>
 *   <li>No answer, an error, a name that does not exist or has no records, a target {@code "."}: the last list stays in use.
 *   <li>One family of addresses cannot be had, or not in time: the last ones of that family stay in use beside the other's. A host with addresses of one family only is in order.
 *   <li>The addresses of one target cannot be had, or there are none any more: its last ones stay in use.
 *   <li>A record with port 0 is passed over.
 * </ul>
 *
 * <p>An answer has at most 64 KiB, which is about 4,000 A records, 2,300 AAAA or 1,000 SRV records; one that is cut off is of no use, and reported.
 *
 * <p>Threads: immutable, may be shared and watched by any number of balancers. Each watch has a daemon thread of its own, which calls the listener, and asks up
 * to 32 questions at once on virtual threads; closing it ends them, and returns at once.
 */
public final class DnsEndpoints implements EndpointSource {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST_TTL = Duration.ofDays(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    private final Wanted wanted;
    private final Settings settings;

    private DnsEndpoints(Wanted wanted, Settings settings) {
        this.wanted = wanted;
        this.settings = settings;
    }

    /**
     * The addresses of the host in {@code uri}, which is {@code scheme://name:port}; its scheme and port are those of all endpoints. Without a port, it is the
     * scheme's.
     *
     * @throws IllegalArgumentException if it is anything else, or has an address instead of a name
     */
    public static DnsEndpoints of(String uri) {
        return new DnsEndpoints(Wanted.Host.of(uri), Settings.DEFAULT);
    }

    /**
     * The targets of a service.
     *
     * @param scheme of the endpoints' URIs, such as {@code http}
     * @param name where the SRV records are, such as {@code _http._tcp.orders.example}
     * @throws IllegalArgumentException if one of them is none
     */
    public static DnsEndpoints srv(String scheme, String name) {
        return new DnsEndpoints(Wanted.Service.of(scheme, name), Settings.DEFAULT);
    }

    /**
     * A copy that asks these name servers instead of the system's: {@code 10.0.0.53}, {@code 10.0.0.53:5300} or {@code [2001:db8::53]:5300}.
     *
     * @throws IllegalArgumentException if there is none, or one is no address
     */
    public DnsEndpoints withNameServers(String... servers) {
        return new DnsEndpoints(wanted, settings.withServers(List.of(servers)));
    }

    /**
     * A copy that adds these domains, one after the other, to a name that does not end in a dot, instead of the system's; none: the name is taken as it is. A
     * name with a dot in it is tried as it is first, one without last.
     *
     * @throws IllegalArgumentException if one is no name
     */
    public DnsEndpoints withSearchDomains(String... domains) {
        return new DnsEndpoints(wanted, settings.withDomains(List.of(domains)));
    }

    /**
     * A copy that uses records no shorter and no longer than this, whatever they say, but for up to a tenth left to chance: each 10 ms to 1 day, default 1 s and 30 s.
     *
     * @throws IllegalArgumentException if one is out of range, or {@code most} is shorter than {@code least}
     */
    public DnsEndpoints withTtl(Duration least, Duration most) {
        check("least", least, LONGEST_TTL);
        check("most", most, LONGEST_TTL);
        if (most.compareTo(least) < 0) {
            throw new IllegalArgumentException("most is " + most + ", but must not be shorter than least, " + least);
        }
        return new DnsEndpoints(wanted, settings.withPace(new DnsPoll.Pace(least, most)));
    }

    /**
     * A copy that waits this long for the answer of a name server, until it asks the next: 10 ms to 1 minute, default 2 s. After a quarter of it, it asks again. An
     * answer that comes by TCP has as long once more.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public DnsEndpoints withTimeout(Duration timeout) {
        check("timeout", timeout, LONGEST_TIMEOUT);
        return new DnsEndpoints(wanted, settings.withTimeout(timeout));
    }

    private static void check(String name, Duration value, Duration longest) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(longest) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + SHORTEST + " to " + longest);
        }
    }

    /** Begins to ask, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of("dns-" + wanted, this::poll).watch(listener);
    }

    private DnsPoll poll() {
        return new DnsPoll(wanted.lookup(), settings::asking, Defaults.threads(), settings.pace());
    }

    /** What it looks up. */
    @Override
    public String toString() {
        return "DnsEndpoints[" + wanted + "]";
    }
}
