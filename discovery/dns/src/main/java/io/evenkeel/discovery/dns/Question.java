package io.evenkeel.discovery.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What is asked.
 *
 * @param type such as {@link Type#A}
 */
record Question(Name name, int type) {

    /** What most networks carry without fragments. */
    private static final int LARGEST_DATAGRAM = 1232;

    /** A new query, its number left to chance. The name must be absolute. */
    Message query() {
        Message query = plainQuery();
        query.addRecord(new OPTRecord(LARGEST_DATAGRAM, 0, 0), Section.ADDITIONAL);
        return query;
    }

    /** The same without extensions (EDNS): its answer has at most 512 bytes, or comes by TCP. */
    Message plainQuery() {
        return Message.newQuery(Record.newRecord(name, type, DClass.IN));
    }

    @Override
    public String toString() {
        return Type.string(type) + " " + name;
    }
}
