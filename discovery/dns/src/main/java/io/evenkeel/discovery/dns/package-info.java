/**
 * Endpoints from DNS. Open {@link io.evenkeel.discovery.dns.DnsEndpoints} first.
 *
 * <p>Inside, {@code DnsPoll} asks once and again, by a {@code Lookup}: of the addresses of a host, or of a service and then of its targets. What it asks goes
 * down through {@code Parallel} (many questions at once), {@code Resolver} (search domains, aliases) and {@code NameServers} (fail-over) to {@code Wire} (sockets);
 * {@code Host} keeps the addresses that a question that failed would have brought.
 *
 * <p>Depends on packages {@code io.evenkeel} and {@code io.evenkeel.discovery}, and on dnsjava for messages, names and the system's settings. Its transports are
 * not used: they share a thread that never ends, and TCP connections that are closed by nobody but the server.
 */
@NullMarked
package io.evenkeel.discovery.dns;

import org.jspecify.annotations.NullMarked;
