package io.evenkeel.discovery.dns;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;

/**
 * How names that may not be complete are made so.
 *
 * @param domains to add to a name, in this order
 * @param dots a name with as many dots is first tried as it is, one with fewer last
 */
record SearchPath(List<Name> domains, int dots) {

    /** The names to try for {@code name}. One that ends in a dot is complete. */
    List<Name> candidates(Name name) {
        if (name.isAbsolute()) {
            return List.of(name);
        }
        List<Name> candidates = new ArrayList<>();
        domains.forEach(domain -> add(candidates, candidates.size(), name, domain));
        boolean first = name.labels() > dots;
        add(candidates, first ? 0 : candidates.size(), name, Name.root);
        return candidates;
    }

    private static void add(List<Name> candidates, int at, Name name, Name domain) {
        try {
            candidates.add(at, Name.concatenate(name, domain));
        } catch (NameTooLongException e) {
            // no such name can exist
        }
    }
}
