package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import java.util.List;

/** What one look at the file gave. */
sealed interface Reading {

    /** A list to use, with what is odd about its entries, in words; empty if nothing is. */
    record Whole(List<Endpoint> endpoints, String remarks) implements Reading {}

    /** Nothing to use, and why, in words that can follow the name of the file. */
    record Broken(String reason, Throwable cause) implements Reading {}
}
