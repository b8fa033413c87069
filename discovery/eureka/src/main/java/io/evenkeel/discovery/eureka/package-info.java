/**
 * Endpoints registered at Eureka. Open {@link io.evenkeel.discovery.eureka.EurekaEndpoints} first.
 *
 * <p>Inside, a round passes through three hands: {@code EurekaPoll} goes from server to server until one answers, a {@code Question} learns the
 * instances from it ({@code OneApplication}, or {@code WholeRegistry} by deltas), and {@code InstanceList} makes endpoints of them. Only {@code Answers} knows Eureka's JSON.
 *
 * <p>Depends on packages {@code io.evenkeel..} and the JDK.
 */
@NullMarked
package io.evenkeel.discovery.eureka;

import org.jspecify.annotations.NullMarked;
