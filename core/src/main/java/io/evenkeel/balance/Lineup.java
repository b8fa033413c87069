package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Who is listed, and who of them is out.
 *
 * @param out by id
 */
record Lineup(List<Endpoint> endpoints, Map<String, Absence> out) {

    Lineup {
        endpoints = List.copyOf(endpoints);
        out = Map.copyOf(out);
    }

    /** The same with other absences. */
    Lineup with(UnaryOperator<Absence> change) {
        Map<String, Absence> changed = new HashMap<>();
        out.forEach((id, absence) -> changed.put(id, change.apply(absence)));
        return new Lineup(endpoints, changed);
    }
}
