package io.evenkeel.discovery.eureka;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.common.Web;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What one watch asks: the servers in turn, until one answers, who is asked first the next time. */
final class EurekaPoll implements Poll {

    /** As Eureka's own clients. */
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final String application;
    private final Web web;
    private final List<Server> servers;
    private final Question question;
    private final InstanceList instances;
    private final Duration interval;
    private final Told told;
    private int first;

    EurekaPoll(EurekaEndpoints settings) {
        application = settings.application();
        web = settings.client().map(Web::of).orElseGet(Web::ofItsOwn);
        servers = settings.servers().stream()
                .<Server>map(base -> new WebServer(base, web, settings.headers()))
                .toList();
        question =
                settings.delta() ? new WholeRegistry(application, Defaults::nanoTime) : new OneApplication(application);
        instances = new InstanceList(settings.secure());
        interval = settings.pollInterval();
        told = new Told(application + " at Eureka");
    }

    /** A server at its service URL. */
    private record WebServer(URI base, Web web, Supplier<Map<String, String>> headers) implements Server {

        @Override
        public Web.Answer get(String path) throws IOException, InterruptedException {
            return web.get(URI.create(base + "/" + path), headers.get(), TIMEOUT);
        }

        @Override
        public String toString() {
            return Web.server(base);
        }
    }

    @Override
    public Duration ask(Listener listener) throws IOException, InterruptedException {
        try {
            told.list(listener, list());
            return interval;
        } catch (Throwable e) {
            told.troubled();
            throw e;
        }
    }

    private EndpointList list() throws IOException, InterruptedException {
        List<IOException> troubles = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            int turn = (first + i) % servers.size();
            try {
                EndpointList list = list(servers.get(turn));
                first = turn;
                return list;
            } catch (IOException e) {
                troubles.add(e);
            }
        }
        throw one(troubles);
    }

    private EndpointList list(Server server) throws IOException, InterruptedException {
        try {
            List<Instance> registered = question.ask(server);
            if (registered.isEmpty()) {
                throw new UnusableException("knows nobody who is registered as " + application);
            }
            return instances.endpoints(registered);
        } catch (UnusableException e) {
            throw new IOException(server + " " + e.reason(), e);
        }
    }

    private static IOException one(List<IOException> troubles) {
        if (troubles.size() == 1) {
            return troubles.getFirst();
        }
        IOException all = new IOException(troubles.stream()
                .map(Throwable::getMessage)
                .collect(Collectors.joining("; ", "no server is of use: ", "")));
        troubles.forEach(all::addSuppressed);
        return all;
    }

    @Override
    public void close() {
        web.close();
    }
}
