package io.evenkeel.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that a client does, to be seen of any {@link HttpClient}: what is noted by its act, and which requests arrive, must be
 * alike for the JDK's and for ours, but for the differences that are listed.
 *
 * @param name a sentence
 * @param script what a scripted server does
 * @param origins the servers that it is seen at
 * @param settings of the client, null for none
 * @param since the JDK that has what it needs
 */
record Behaviour(
        String name,
        Script script,
        Set<Origin> origins,
        UnaryOperator<HttpClient.Builder> settings,
        Act act,
        int since,
        boolean countsRequests,
        List<Difference> differences) {

    /** What a scripted server does with a request. */
    @FunctionalInterface
    interface Script {
        void serve(ScriptedServer.Visit visit, Cues cues) throws IOException, InterruptedException;
    }

    /** What a caller does, and notes. */
    @FunctionalInterface
    interface Act {
        void perform(Caller caller) throws Exception;
    }

    /** Findings, at some servers, in which ours is not like the JDK's client. */
    record Difference(Why why, Set<Origin> origins, Set<String> findings) {}

    private static final Set<Origin> SCRIPTED = EnumSet.of(Origin.SCRIPTED);

    /** At a scripted server that says what it was asked. */
    static Behaviour that(String name, Act act) {
        return new Behaviour(name, (visit, cues) -> Echo.serve(visit), SCRIPTED, null, act, 0, true, List.of());
    }

    Behaviour at(Script other) {
        return new Behaviour(name, other, origins, settings, act, since, countsRequests, differences);
    }

    /** Also with one more replica, for ours. */
    Behaviour alsoAtTwo() {
        return at(EnumSet.of(Origin.SCRIPTED, Origin.PAIR));
    }

    Behaviour everywhere() {
        return at(Origin.ALL_THAT_ECHO);
    }

    Behaviour everywhereBut(Origin one) {
        Set<Origin> others = EnumSet.copyOf(Origin.ALL_THAT_ECHO);
        others.remove(one);
        return at(others);
    }

    Behaviour at(Origin first, Origin... others) {
        return at(EnumSet.of(first, others));
    }

    private Behaviour at(Set<Origin> others) {
        return new Behaviour(name, script, others, settings, act, since, countsRequests, differences);
    }

    Behaviour with(UnaryOperator<HttpClient.Builder> others) {
        return new Behaviour(name, script, origins, others, act, since, countsRequests, differences);
    }

    Behaviour sinceJdk(int version) {
        return new Behaviour(name, script, origins, settings, act, version, countsRequests, differences);
    }

    /** The requests that arrive are not compared: who is first, the server or the client, is chance. */
    Behaviour whateverArrives() {
        return new Behaviour(name, script, origins, settings, act, since, false, differences);
    }

    /** At all servers. */
    Behaviour differs(Why why, String... findings) {
        return differs(why, origins, findings);
    }

    Behaviour differs(Why why, Set<Origin> where, String... findings) {
        List<Difference> all = Stream.concat(
                        differences.stream(), Stream.of(new Difference(why, where, Set.of(findings))))
                .toList();
        return new Behaviour(name, script, origins, settings, act, since, countsRequests, all);
    }

    /** The findings that are to differ at a server. */
    Set<String> differingAt(Origin origin) {
        return differences.stream()
                .filter(difference -> difference.origins.contains(origin))
                .flatMap(difference -> difference.findings.stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
