package io.evenkeel.discovery.consul;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The question: which instances of a service pass their checks?
 *
 * @param agent whom to ask
 * @param service its name
 * @param datacenter where; the agent's own if empty
 * @param tags those that an instance must have, all of them
 * @param stale whether a server that does not lead may answer
 * @param patience how long the agent is to wait for news
 * @param timeout how much longer an answer may take
 */
record HealthQuery(
        URI agent,
        String service,
        Optional<String> datacenter,
        List<String> tags,
        boolean stale,
        Duration patience,
        Duration timeout) {

    /** The agent adds up to this part of the wait, so that not all who wait come back at once. */
    private static final int JITTER = 16;

    /** About {@code service} in the datacenter of the agent on this machine. */
    static HealthQuery about(String service) {
        URI local = URI.create("http://127.0.0.1:8500");
        return new HealthQuery(
                local, service, Optional.empty(), List.of(), false, Duration.ofSeconds(55), Duration.ofSeconds(10));
    }

    /** The question, or the one for news since {@code index} if that is above 0. */
    URI uri(long index) {
        List<String> parameters = new ArrayList<>();
        parameters.add("passing=true");
        datacenter.ifPresent(name -> parameters.add("dc=" + encoded(name)));
        tags.forEach(tag -> parameters.add("tag=" + encoded(tag)));
        if (stale) {
            parameters.add("stale=true");
        }
        if (index > 0) {
            parameters.add("index=" + index);
            parameters.add("wait=" + patience.toMillis() + "ms");
        }
        String base = agent.toString().replaceFirst("/+$", "");
        return URI.create(base + "/v1/health/service/" + encoded(service) + "?" + String.join("&", parameters));
    }

    /** How long the answer to it may take. */
    Duration timeout(long index) {
        return index > 0 ? patience.plus(patience.dividedBy(JITTER)).plus(timeout) : timeout;
    }

    HealthQuery withAgent(URI agent) {
        return new HealthQuery(agent, service, datacenter, tags, stale, patience, timeout);
    }

    HealthQuery withDatacenter(String name) {
        return new HealthQuery(agent, service, Optional.of(name), tags, stale, patience, timeout);
    }

    HealthQuery withTag(String tag) {
        List<String> more = new ArrayList<>(tags);
        more.add(tag);
        return new HealthQuery(agent, service, datacenter, List.copyOf(more), stale, patience, timeout);
    }

    HealthQuery withStale(boolean stale) {
        return new HealthQuery(agent, service, datacenter, tags, stale, patience, timeout);
    }

    HealthQuery withPatience(Duration patience) {
        return new HealthQuery(agent, service, datacenter, tags, stale, patience, timeout);
    }

    HealthQuery withTimeout(Duration timeout) {
        return new HealthQuery(agent, service, datacenter, tags, stale, patience, timeout);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
