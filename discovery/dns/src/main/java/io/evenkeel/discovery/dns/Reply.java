package io.evenkeel.discovery.dns;

import java.util.List;
import org.xbill.DNS.Record;

/** What came of a question. */
sealed interface Reply {

    /**
     * There is such a name.
     *
     * @param records its records of the type asked for, of its alias if it is one; empty if it has none
     * @param ttl for how many seconds the records may be used
     */
    record Answer(List<Record> records, long ttl) implements Reply {}

    /** Nobody knows. Or there is no such name, which is no reason either to forget what it was. */
    record Failure(Exception cause) implements Reply {}
}
