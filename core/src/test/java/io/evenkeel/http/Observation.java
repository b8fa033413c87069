package io.evenkeel.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What was seen of a client, in words: findings by name. Those of one name are numbered. Thread-safe. */
final class Observation {

    private static final int DEPTH = 8;

    private final Map<String, String> findings = new ConcurrentHashMap<>();

    void note(String what, Object value) {
        String text = String.valueOf(value);
        String name = what;
        for (int n = 2; findings.putIfAbsent(name, text) != null; n++) {
            name = what + " " + n;
        }
    }

    /** The classes of an error and its causes, and their messages. */
    void noteError(Throwable error) {
        List<String> classes = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (Throwable t = error; t != null && classes.size() < DEPTH; t = t.getCause()) {
            classes.add(t.getClass().getName());
            messages.add(t.getMessage());
        }
        note("error", classes);
        note("message", messages);
    }

    /** Without what is another in each run: ports, identities, threads and files. */
    Observation without(Set<Integer> ports) {
        Observation plain = new Observation();
        findings.forEach((name, text) -> plain.findings.put(name, plain(text, ports)));
        return plain;
    }

    private static String plain(String text, Set<Integer> ports) {
        String plain = text.replaceAll("@[0-9a-f]{4,}", "@HASH")
                .replaceAll("SocketTube\\(\\d+\\) \\[[^]]*]", "SocketTube")
                .replaceAll("evenkeel\\d+", "FILE");
        for (int port : ports) {
            plain = plain.replace(":" + port, ":PORT");
        }
        return plain;
    }

    boolean isEmpty() {
        return findings.isEmpty();
    }

    /** The names, without numbers, of what is not alike. */
    Set<String> differingFrom(Observation other) {
        Set<String> names = new TreeSet<>(findings.keySet());
        names.addAll(other.findings.keySet());
        names.removeIf(name -> Objects.equals(findings.get(name), other.findings.get(name)));
        Set<String> plain = new TreeSet<>();
        names.forEach(name -> plain.add(name.replaceFirst(" \\d+$", "")));
        return plain;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(findings)
                .forEach((name, value) ->
                        text.append("\n  ").append(name).append(" = ").append(value));
        return text.toString();
    }
}
