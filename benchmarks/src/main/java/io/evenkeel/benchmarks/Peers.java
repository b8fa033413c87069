package io.evenkeel.benchmarks;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** What the Maven profile {@code peers} adds: other balancers of the JVM. */
interface Peers {

    /** Those with a client of their own, by name. */
    Map<String, Contender.Maker> contenders();

    /** The pick of one of them, by name. */
    Pick pick(String name, int replicas) throws Exception;

    /** Runs the part {@code peers}. */
    void compare(boolean brief) throws Exception;

    /** They, if this was built with the profile. */
    static Optional<Peers> present() {
        return ServiceLoader.load(Peers.class).findFirst();
    }
}
