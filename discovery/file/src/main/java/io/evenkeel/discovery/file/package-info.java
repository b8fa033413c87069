/**
 * Endpoints from a watched file. Open {@link io.evenkeel.discovery.file.FileEndpoints} first: it describes the form of the file.
 *
 * <p>Inside, a look at the file passes through three hands: {@code WatchedFile} says whether the content is new,
 * {@code Form} turns content into endpoints, and {@code FileWatch} decides what is news to the listener.
 *
 * <p>Depends on packages {@code io.evenkeel..} and, in {@code Form} only, on SnakeYAML Engine.
 */
@NullMarked
package io.evenkeel.discovery.file;

import org.jspecify.annotations.NullMarked;
