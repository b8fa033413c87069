/**
 * Small programs that show one thing each. Open {@link io.evenkeel.examples.Minimal} first: it is the library's first use.
 * {@link io.evenkeel.examples.AnyProtocol} balances what is not HTTP, as do {@link io.evenkeel.examples.Datagrams}, {@link
 * io.evenkeel.examples.Grpc} and {@link io.evenkeel.examples.Databases}. {@link io.evenkeel.examples.Quickstart} kills, stops
 * and adds real replicas under load. {@link io.evenkeel.examples.LoadReporting} is for the other side: it makes a replica tell
 * its load. {@link io.evenkeel.examples.Consul} finds its replicas in Consul, {@code examples/consul}.
 */
@NullMarked
package io.evenkeel.examples;

import org.jspecify.annotations.NullMarked;
