package io.evenkeel.discovery.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.Address;
import org.xbill.DNS.Name;
import org.xbill.DNS.ResolverConfig;

/**
 * Whom to ask, and how.
 *
 * @param servers empty: the system's
 * @param domains empty: the system's
 */
record Settings(
        Optional<List<InetSocketAddress>> servers, Optional<List<Name>> domains, DnsPoll.Pace pace, Duration timeout) {

    private static final Pattern SERVER =
            Pattern.compile("(\\[(?<six>[0-9a-fA-F:.]+)]|(?<four>[0-9.]+))(:(?<port>[0-9]{1,9}))?");

    private static final int PORT = 53;
    /** Enough for a datagram that was lost and is sent again, unless the timeout is long. */
    private static final Duration AFTER_RECORDS = Duration.ofSeconds(1);

    static final Settings DEFAULT = new Settings(
            Optional.empty(),
            Optional.empty(),
            new DnsPoll.Pace(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            Duration.ofSeconds(2));

    Settings withServers(List<String> servers) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("there are no name servers, but there must be one at least");
        }
        return new Settings(Optional.of(servers.stream().map(Settings::server).toList()), domains, pace, timeout);
    }

    private static InetSocketAddress server(String text) {
        Matcher parts = SERVER.matcher(text);
        if (!parts.matches()) {
            throw noServer(text);
        }
        int port = parts.group("port") == null ? PORT : Integer.parseInt(parts.group("port"));
        if (port < 1 || port > 65_535) {
            throw noServer(text);
        }
        try {
            return new InetSocketAddress(literal(parts), port);
        } catch (UnknownHostException e) {
            throw noServer(text);
        }
    }

    /** Looks nothing up. */
    private static InetAddress literal(Matcher parts) throws UnknownHostException {
        return parts.group("six") == null
                ? Address.getByAddress(parts.group("four"), Address.IPv4)
                : Address.getByAddress(parts.group("six"), Address.IPv6);
    }

    private static IllegalArgumentException noServer(String text) {
        return new IllegalArgumentException(
                "name server is " + text
                        + ", but must be an address and, unless 53 will do, a port: 10.0.0.53, 10.0.0.53:5300, [2001:db8::53]:5300");
    }

    Settings withDomains(List<String> domains) {
        List<Name> names = domains.stream()
                .map(domain -> Wanted.name(domain.endsWith(".") ? domain : domain + "."))
                .toList();
        return new Settings(servers, Optional.of(names), pace, timeout);
    }

    Settings withPace(DnsPoll.Pace pace) {
        return new Settings(servers, domains, pace, timeout);
    }

    Settings withTimeout(Duration timeout) {
        return new Settings(servers, domains, pace, timeout);
    }

    /** What asks by these settings, and by those that the system has now. */
    Parallel asking(ExecutorService threads) {
        List<Wire> wires = servers.orElseGet(() -> system().servers()).stream()
                .map(server -> new Wire(server, timeout, Defaults.clock()))
                .toList();
        SearchPath search = domains.map(names -> new SearchPath(names, 1)).orElseGet(() -> {
            ResolverConfig now = system();
            return new SearchPath(List.copyOf(now.searchPath()), now.ndots());
        });
        return new Parallel(
                new Resolver(new NameServers(wires), search), threads, patience(wires.size()), Defaults.clock());
    }

    /** Time for one question to go to all name servers, and to the last by TCP as well; four times that for a thousand. */
    private Parallel.Patience patience(int servers) {
        Duration first = timeout.multipliedBy(servers + 1L);
        return new Parallel.Patience(first, AFTER_RECORDS, first.multipliedBy(4));
    }

    private static ResolverConfig system() {
        ResolverConfig.getCurrentConfig(); // or the first refresh fails
        ResolverConfig.refresh();
        return ResolverConfig.getCurrentConfig();
    }
}
