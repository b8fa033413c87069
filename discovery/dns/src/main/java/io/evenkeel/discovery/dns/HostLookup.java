package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import java.util.List;

/** Each address of a host is an endpoint. */
final class HostLookup implements Lookup {

    private final Wanted.Host wanted;
    private final Host host;

    HostLookup(Wanted.Host wanted) {
        this.wanted = wanted;
        this.host = new Host(wanted.name());
    }

    @Override
    public List<Endpoint> endpoints(Round round) throws InterruptedException {
        Host.lookUp(List.of(host), round);
        return host.addresses().stream()
                .map(address -> Endpoint.of(wanted.scheme() + "://" + address + wanted.colonPort()))
                .toList();
    }
}
