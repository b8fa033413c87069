/**
 * Endpoints from a list that a web server has. Open {@link io.evenkeel.discovery.http.HttpEndpoints} first; {@code HttpPoll} asks once.
 *
 * <p>Depends on packages {@code io.evenkeel..} and the JDK only.
 */
@NullMarked
package io.evenkeel.discovery.http;

import org.jspecify.annotations.NullMarked;
