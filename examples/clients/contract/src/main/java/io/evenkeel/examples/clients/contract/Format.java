package io.evenkeel.examples.clients.contract;

import java.util.function.UnaryOperator;

/** How replicas write a text that they answer with. */
public record Format(String contentType, UnaryOperator<String> written) {

    /** As it is. */
    public static final Format TEXT = new Format("text/plain", text -> text);

    /** As a property of an object in JSON, which goes where the template says {@code %s}. */
    public static Format json(String template) {
        return new Format("application/json", template::formatted);
    }
}
