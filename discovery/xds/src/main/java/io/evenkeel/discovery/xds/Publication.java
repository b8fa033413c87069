package io.evenkeel.discovery.xds;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.common.EndpointList;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a listener was told last, and so what is news to it. */
final class Publication {

    private final String source;
    private Optional<List<Endpoint>> last = Optional.empty();
    private String told = "";

    /** Of a source of this name. */
    Publication(String source) {
        this.source = source;
    }

    void publish(EndpointList list, Listener listener) {
        if (last.equals(Optional.of(list.endpoints()))) {
            listener.unchanged();
        } else {
            listener.endpoints(list.endpoints());
            last = Optional.of(list.endpoints());
        }
        remark(list.remarks(), listener);
    }

    /** What is odd about a list is told once, and not with each change of the rest. */
    private void remark(String remarks, Listener listener) {
        boolean news = !remarks.isEmpty() && !remarks.equals(told);
        told = remarks;
        if (news) {
            complain(remarks, listener);
        }
    }

    void complain(String trouble, Listener listener) {
        listener.failed(new IOException(source + ": " + trouble));
    }

    @Override
    public String toString() {
        return source;
    }
}
