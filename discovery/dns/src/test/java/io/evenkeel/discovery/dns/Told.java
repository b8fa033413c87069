package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A listener that keeps what it is told, in words. Not safe for use by several threads at once. */
final class Told implements Listener {

    private final List<String> words = new ArrayList<>();
    private List<Endpoint> last = List.of();

    @Override
    public void endpoints(List<Endpoint> all) {
        last = all;
        words.add(all.stream()
                .map(endpoint -> endpoint.uri().getAuthority())
                .collect(Collectors.joining(" ", "list ", "")));
    }

    @Override
    public void endpoints(List<Endpoint> all, Exception odd) {
        endpoints(all);
        words.add("odd " + odd.getMessage());
    }

    @Override
    public void unchanged() {
        words.add("unchanged");
    }

    @Override
    public void failed(Exception cause) {
        words.add("failed " + cause.getMessage());
    }

    /** What it was told since it was asked last. */
    List<String> news() {
        List<String> news = List.copyOf(words);
        words.clear();
        return news;
    }

    List<Endpoint> last() {
        return last;
    }
}
