package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.util.ArrayList;
import java.util.List;

/** All that a listener was told, in order: ids of lists, "unchanged", and messages of trouble. */
class Heard implements Listener {

    final List<Object> all = new ArrayList<>();

    @Override
    public void endpoints(List<Endpoint> list) {
        all.add(list.stream().map(Endpoint::id).toList());
    }

    @Override
    public void endpoints(List<Endpoint> list, Exception odd) {
        endpoints(list);
        all.add("odd: " + odd.getMessage());
    }

    @Override
    public void unchanged() {
        all.add("unchanged");
    }

    @Override
    public void failed(Exception cause) {
        all.add(cause.getMessage());
    }

    Object last() {
        return all.getLast();
    }
}
