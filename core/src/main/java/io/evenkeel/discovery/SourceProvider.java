package io.evenkeel.discovery;

import io.evenkeel.EndpointSource;
import java.util.Set;

/**
 * Makes sources by URI, for {@link Sources#of}. Found by {@link java.util.ServiceLoader}: a module provides it, a jar names it in {@code
 * META-INF/services/io.evenkeel.discovery.SourceProvider}.
 */
public interface SourceProvider {

    /** The schemes that it knows, in lower case, such as {@code dns+srv}. */
    Set<String> schemes();

    /**
     * The source that {@code uri}, of one of its schemes, describes. It starts nothing.
     *
     * @throws IllegalArgumentException naming what is wrong with it, and how it should be
     */
    EndpointSource source(SourceUri uri);
}
