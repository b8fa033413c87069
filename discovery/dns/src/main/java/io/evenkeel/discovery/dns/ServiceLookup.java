package io.evenkeel.discovery.dns;

import static java.util.stream.Collectors.toSet;

import io.evenkeel.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/** Each address of each target of a service is an endpoint. */
final class ServiceLookup implements Lookup {

    private static final int LARGEST_PRIORITY = 1_000;
    /** Next to any weight that is meant, little; but no weight at all would mean no calls. */
    private static final double WEIGHT_OF_ZERO = 0.1;

    /** As there are threads. */
    private static final int AT_A_TIME = 32;

    private final Wanted.Service wanted;
    private final Question question;
    private final Map<Name, Host> hosts = new HashMap<>();
    private int turn;

    ServiceLookup(Wanted.Service wanted) {
        this.wanted = wanted;
        this.question = new Question(wanted.name(), Type.SRV);
    }

    @Override
    public List<Endpoint> endpoints(Round round) throws InterruptedException {
        List<SRVRecord> services = services(round);
        if (services.isEmpty()) {
            return List.of();
        }
        Set<Name> targets = services.stream().map(SRVRecord::getTarget).collect(toSet());
        hosts.keySet().retainAll(targets);
        targets.forEach(name -> hosts.computeIfAbsent(name, Host::new));
        Host.lookUp(inTurn(), round);
        return endpoints(services);
    }

    /** With others first than the last time: if many are not answered, those behind them may not be asked in time. */
    private List<Host> inTurn() {
        List<Host> all = new ArrayList<>(hosts.values());
        Collections.rotate(all, turn);
        turn = (turn + AT_A_TIME) % all.size();
        return all;
    }

    private List<SRVRecord> services(Round round) throws InterruptedException {
        if (!(round.ask(List.of(question)).get(question) instanceof Reply.Answer answer)) {
            return List.of();
        }
        if (answer.records().isEmpty()) {
            round.note(new IOException(wanted.name() + " has no SRV records"));
        }
        return answer.records().stream()
                .map(SRVRecord.class::cast)
                .filter(service -> isUsable(service, round))
                .toList();
    }

    private boolean isUsable(SRVRecord service, Round round) {
        if (service.getTarget().equals(Name.root)) {
            round.note(new IOException(wanted.name() + " is not to be had: its target is \".\""));
            return false;
        }
        if (service.getPort() == 0) {
            round.note(new IOException(wanted.name() + " has port 0 at " + service.getTarget()));
            return false;
        }
        return true;
    }

    private List<Endpoint> endpoints(List<SRVRecord> services) {
        List<Integer> priorities = services.stream()
                .map(SRVRecord::getPriority)
                .distinct()
                .sorted()
                .toList();
        Set<Integer> weighted = services.stream()
                .filter(service -> service.getWeight() > 0)
                .map(SRVRecord::getPriority)
                .collect(toSet());
        List<Endpoint> endpoints = new ArrayList<>();
        for (SRVRecord service : services) {
            int rank = Math.min(priorities.indexOf(service.getPriority()), LARGEST_PRIORITY);
            double weight = weighted.contains(service.getPriority()) ? weight(service) : 1;
            endpoints.addAll(endpoints(service, rank, weight));
        }
        return endpoints;
    }

    private static double weight(SRVRecord service) {
        return service.getWeight() == 0 ? WEIGHT_OF_ZERO : service.getWeight();
    }

    private List<Endpoint> endpoints(SRVRecord service, int rank, double weight) {
        List<String> addresses =
                hosts.computeIfAbsent(service.getTarget(), Host::new).addresses();
        return addresses.stream()
                .map(address -> Endpoint.of(wanted.scheme() + "://" + address + ":" + service.getPort())
                        .withPriority(rank)
                        .withWeight(weight / addresses.size()))
                .toList();
    }
}
