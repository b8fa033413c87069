package io.evenkeel.discovery.xds;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.util.ArrayList;
import java.util.List;

/** A listener that keeps what it is told, in order. Not safe for use by several threads at once. */
final class Told implements Listener {

    private final List<List<Endpoint>> lists = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private int confirmations;

    @Override
    public void endpoints(List<Endpoint> all) {
        lists.add(all);
    }

    @Override
    public void unchanged() {
        confirmations++;
    }

    @Override
    public void failed(Exception cause) {
        troubles.add(cause.getMessage());
    }

    List<List<Endpoint>> lists() {
        return lists;
    }

    List<String> troubles() {
        return troubles;
    }

    int confirmations() {
        return confirmations;
    }
}
