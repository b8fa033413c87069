package io.evenkeel.examples;

import io.evenkeel.Endpoint;
import io.evenkeel.Observer;
import java.util.List;

/** Tells what the balancer does, as it does it. */
record Reporter(Table table) implements Observer {

    @Override
    public void endpointsChanged(EndpointsChanged event) {
        tell(event.size() + " endpoints, new: " + ids(event.added()));
    }

    @Override
    public void stateChanged(StateChanged event) {
        String why = event.reason().isEmpty() ? "" : ", " + event.reason();
        tell(event.endpoint().id() + " is " + event.to() + why);
    }

    @Override
    public void conditionChanged(ConditionChanged event) {
        tell("it is " + event.to() + ": " + event.reason());
    }

    @Override
    public void listHeld(ListHeld event) {
        tell(event.reason());
    }

    @Override
    public void sourceFailed(SourceFailed event) {
        tell("the source failed, " + event.cause());
    }

    private void tell(String what) {
        table.event("balancer", what);
    }

    private static List<String> ids(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::id).toList();
    }
}
