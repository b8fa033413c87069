package io.evenkeel.discovery.file;

import io.evenkeel.discovery.common.EndpointList;

/** What one look at the file gave. */
sealed interface Reading {

    /** A list to use. */
    record Whole(EndpointList list) implements Reading {}

    /** Nothing to use, and why, in words that can follow the name of the file. */
    record Broken(String reason, Throwable cause) implements Reading {}
}
