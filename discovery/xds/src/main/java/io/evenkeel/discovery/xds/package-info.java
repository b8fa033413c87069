/**
 * Endpoints from a control plane that speaks xDS. Open {@link io.evenkeel.discovery.xds.XdsEndpoints} first: it says what is heeded of what the control plane sends.
 *
 * <p>Inside, {@code Rounds} holds one stream after the other, {@code Conversation} decides what is said on it (in the words of {@code StateOfTheWorld} or
 * {@code Delta}) and keeps what was learned in a {@code Subscription} per type, and {@code Assignment} turns a message into endpoints. Only {@code Server} and {@code AdsStream} touch the network.
 *
 * <p>Depends on packages {@code io.evenkeel..}, gRPC, Protocol Buffers, and Envoy's messages.
 */
@NullMarked
package io.evenkeel.discovery.xds;

import org.jspecify.annotations.NullMarked;
