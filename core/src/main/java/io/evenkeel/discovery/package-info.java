/**
 * Sources of endpoints: made of others ({@link io.evenkeel.discovery.Sources}), by name ({@link
 * io.evenkeel.discovery.SourceProvider}), or by asking again and again ({@link io.evenkeel.discovery.PollingSource}), which is what one of your own
 * needs to be patient with its registry.
 *
 * <p>Depends on package {@code io.evenkeel}; nothing depends on it. Only {@code SharedSource} uses Caffeine.
 */
@NullMarked
package io.evenkeel.discovery;

import org.jspecify.annotations.NullMarked;
