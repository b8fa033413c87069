package io.evenkeel.discovery.eureka;

import java.util.Map;

/**
 * One registered instance.
 *
 * @param application its application, in capitals
 * @param id unique within the application
 * @param status such as {@code UP}
 * @param fields what it says, as JSON; its {@link Answers#text texts} may be numbers, and the other way round
 */
record Instance(String application, String id, String status, Map<?, ?> fields) {

    boolean isUp() {
        return status.equals("UP");
    }

    /** In a delta. */
    boolean isDeleted() {
        return "DELETED".equals(fields.get("actionType"));
    }

    /** The same without what it says. */
    Instance bare() {
        return new Instance(application, id, status, Map.of());
    }
}
