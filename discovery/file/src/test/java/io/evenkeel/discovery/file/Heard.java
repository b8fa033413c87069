package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.ArrayList;
import java.util.List;

/** A listener that keeps what it is told, in order. Not safe for use by several threads at once. */
final class Heard implements EndpointSource.Listener {

    private final List<List<Endpoint>> lists = new ArrayList<>();
    private final List<Exception> troubles = new ArrayList<>();

    @Override
    public void endpoints(List<Endpoint> all) {
        lists.add(all);
    }

    /** The same again is no news, as to a balancer. */
    @Override
    public void endpoints(List<Endpoint> all, Exception odd) {
        endpoints(all);
        if (troubles.isEmpty() || !troubles.getLast().getMessage().equals(odd.getMessage())) {
            failed(odd);
        }
    }

    @Override
    public void failed(Exception cause) {
        troubles.add(cause);
    }

    List<List<Endpoint>> lists() {
        return lists;
    }

    List<Exception> troubles() {
        return troubles;
    }

    List<String> messages() {
        return troubles.stream().map(Exception::getMessage).toList();
    }

    List<Endpoint> current() {
        return lists.getLast();
    }
}
