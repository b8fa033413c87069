/**
 * Endpoints of a Service of Kubernetes. Open {@link io.evenkeel.discovery.kubernetes.KubernetesEndpoints} first.
 *
 * <p>Inside, a watch goes in rounds: {@code SliceRounds} begins one after the other and decides what is news to the listener; a {@code Round} is one client
 * with the list that it got and the changes after it; {@code Selection} makes endpoints of EndpointSlices; {@code Trouble} says what went wrong in
 * words that hold no credentials.
 *
 * <p>Depends on packages {@code io.evenkeel..} and on the client of fabric8.
 */
@NullMarked
package io.evenkeel.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
