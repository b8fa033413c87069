package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which port of a slice is used. Names of ports have a letter, so that a name and a number are never mistaken for each other.
 *
 * @param wanted a name or a number; empty if none was chosen
 */
record PortChoice(Optional<String> wanted) {

    private static final int HTTPS = 443;

    /**
     * A port of a slice.
     *
     * @param number where its pods listen
     * @param scheme what they most likely speak
     */
    record Port(int number, String scheme) {

        static Port of(EndpointPort port) {
            boolean https = isNamed("https").test(port)
                    || "https".equalsIgnoreCase(port.getAppProtocol())
                    || port.getPort() == HTTPS;
            return new Port(port.getPort(), https ? "https" : "http");
        }
    }

    static PortChoice of(String nameOrNumber) {
        return new PortChoice(Optional.of(nameOrNumber));
    }

    /**
     * The port among those of one slice, if it is there.
     *
     * @throws UnusableException if there are several, and none was chosen
     */
    Optional<Port> among(List<EndpointPort> ports) throws UnusableException {
        List<EndpointPort> numbered =
                ports.stream().filter(port -> port.getPort() != null).toList();
        if (wanted.isEmpty()) {
            return usual(numbered).map(Port::of);
        }
        String name = wanted.get();
        if (ports.isEmpty() && isNumber(name)) { // a headless Service need not list any
            return Optional.of(new Port(Integer.parseInt(name), name.equals("443") ? "https" : "http"));
        }
        return first(
                        numbered,
                        isNumber(name) ? port -> port.getPort().toString().equals(name) : isNamed(name))
                .map(Port::of);
    }

    private static Optional<EndpointPort> usual(List<EndpointPort> ports) throws UnusableException {
        List<EndpointPort> tcp = ports.stream()
                .filter(port -> port.getProtocol() == null || port.getProtocol().equals("TCP"))
                .toList();
        Optional<EndpointPort> only = tcp.size() == 1 ? Optional.of(tcp.getFirst()) : first(tcp, isNamed("http"));
        if (only.isEmpty() && !tcp.isEmpty()) {
            throw new UnusableException(
                    "has several ports, " + shown(tcp) + ", of which none is named http: choose one");
        }
        return only;
    }

    private static Optional<EndpointPort> first(List<EndpointPort> ports, Predicate<EndpointPort> which) {
        return ports.stream().filter(which).findFirst();
    }

    private static Predicate<EndpointPort> isNamed(String name) {
        return port -> name.equals(port.getName());
    }

    private static boolean isNumber(String wanted) {
        return wanted.chars().allMatch(Character::isDigit);
    }

    /** That {@code ports} are all there are. */
    UnusableException missing(Collection<EndpointPort> ports) {
        String which = wanted.map(name -> "port " + name + (isNumber(name) ? ", which is that of the pods" : ""))
                .orElse("a TCP port");
        return new UnusableException("has endpoints, but none with " + which + ": there "
                + (shown(ports).isEmpty() ? "is no port" : "are " + shown(ports)));
    }

    private static String shown(Collection<EndpointPort> ports) {
        return Shown.text(ports.stream()
                .filter(port -> port.getPort() != null)
                .map(port -> (port.getName() == null ? "" : port.getName()) + ":" + port.getPort())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return wanted.map(port -> ":" + port).orElse("");
    }
}
