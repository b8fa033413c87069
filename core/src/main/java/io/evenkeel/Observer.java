package io.evenkeel;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * Told what happens. Every method has an empty default: override what you need.
 *
 * <p>Threads: events come one at a time per balancer, in order, from whichever thread made the change;
 * {@link #attemptEnded} comes from the threads of the calls, concurrently. An observer must be quick and must not block;
 * one that throws is logged once and the call goes on.
 */
public interface Observer {

    /** An observer that does nothing. */
    static Observer none() {
        return new Observer() {};
    }

    /** A list was obeyed and it differs from the one before. */
    default void endpointsChanged(EndpointsChanged event) {}

    /** A list was not obeyed in full. */
    default void listHeld(ListHeld event) {}

    /** A list was obeyed in full that would not have been, but for a dry run of the {@link Guard}: {@code event} says whom it would have kept. */
    default void wouldHaveHeld(ListHeld event) {}

    /** The source reported trouble, or a list of which entries were dropped. */
    default void sourceFailed(SourceFailed event) {}

    /** The source publishes, or stands by its list, again, and nothing is wrong with that. */
    default void sourceRecovered(SourceRecovered event) {}

    /** The balancer begins with the list that it remembered, since the source has none yet. */
    default void listRecalled(ListRecalled event) {}

    /** A replica's state changed. */
    default void stateChanged(StateChanged event) {}

    /** A replica would have been taken out, were it not a dry run. */
    default void wouldHaveTakenOut(WouldHaveTakenOut event) {}

    /** The balancer's condition changed. That of a first list is told unless it is {@link Condition#HEALTHY}; the end of a balancer is not. */
    default void conditionChanged(ConditionChanged event) {}

    /** Another share of the calls goes to each priority: told when one begins or ends to get calls, and when a share has
     * changed by a tenth since it was told. */
    default void prioritiesChanged(PrioritiesChanged event) {}

    /** The own zone became so slow that calls go to other zones, or that is over. */
    default void zoneSpillChanged(ZoneSpillChanged event) {}

    /** Most calls are not answered in time, so few are sent; or that is over. */
    default void callsHeldBack(CallsHeldBack event) {}

    /**
     * One attempt was answered, or ended without an answer. The only method on the path of calls; skipped, at no cost,
     * when it is not overridden.
     *
     * @param endpoint the endpoint of the attempt
     * @param outcome how it ended
     * @param latencyNanos time from its start to the answer, in nanoseconds
     */
    default void attemptEnded(Endpoint endpoint, Outcome outcome, long latencyNanos) {}

    /**
     * A list was obeyed.
     *
     * @param balancer the balancer's name
     * @param added endpoints whose id was not listed before
     * @param removed endpoints whose id is no longer listed
     * @param changed endpoints with a known id and other fields, as they are now
     * @param size endpoints listed now
     */
    record EndpointsChanged(
            String balancer, List<Endpoint> added, List<Endpoint> removed, List<Endpoint> changed, int size) {}

    /**
     * A list was not obeyed in full.
     *
     * @param balancer the balancer's name
     * @param kept endpoints that stay in use, or in reserve, although the new list does not name them
     * @param reason what was odd about the list
     */
    record ListHeld(String balancer, List<Endpoint> kept, String reason) {}

    /**
     * A list was remembered.
     *
     * @param balancer the balancer's name
     * @param endpoints the list
     * @param file where it was remembered
     * @param asOf when the source last stood by it
     */
    record ListRecalled(String balancer, List<Endpoint> endpoints, String file, Instant asOf) {}

    /**
     * The source reported trouble.
     *
     * @param balancer the balancer's name
     * @param cause what the source reported, or what was wrong with its entries
     */
    record SourceFailed(String balancer, Exception cause) {}

    /**
     * The source is in order again.
     *
     * @param balancer the balancer's name
     * @param after since it first reported trouble
     */
    record SourceRecovered(String balancer, Duration after) {}

    /**
     * A replica's state changed.
     *
     * @param balancer the balancer's name
     * @param endpoint the endpoint
     * @param from state before
     * @param to state now
     * @param reason the cause in words
     */
    record StateChanged(String balancer, Endpoint endpoint, EndpointState from, EndpointState to, String reason) {}

    /**
     * A replica would have been taken out. Told of each replica once in the time for which it would be out at first.
     *
     * @param balancer the balancer's name
     * @param endpoint the endpoint
     * @param to the state that it would have
     * @param reason the cause in words
     */
    record WouldHaveTakenOut(String balancer, Endpoint endpoint, EndpointState to, String reason) {}

    /**
     * The balancer's condition changed.
     *
     * @param balancer the balancer's name
     * @param from condition before
     * @param to condition now
     * @param reason the cause in words
     */
    record ConditionChanged(String balancer, Condition from, Condition to, String reason) {}

    /**
     * Most calls are answered too late, so few are sent; or that is over.
     *
     * @param balancer the balancer's name
     * @param begins whether that began, or ended
     * @param late the share of calls that were answered too late of late, 0 to 1
     * @param dryRun whether all are sent all the same
     */
    record CallsHeldBack(String balancer, boolean begins, double late, boolean dryRun) {}

    /**
     * Another share of the calls goes to each priority.
     *
     * @param balancer the balancer's name
     * @param shares the share of the calls of each priority that gets any, 0 to 1, by priority
     */
    record PrioritiesChanged(String balancer, SortedMap<Integer, Double> shares) {}

    /**
     * The own zone became slower than the others, or that is over. Told once below 68 % of the calls, and once above 87 %.
     *
     * @param balancer the balancer's name
     * @param zone the own zone
     * @param spills whether that began, or ended
     * @param ownShare the share of the calls that stay in the own zone, 0 to 1
     */
    record ZoneSpillChanged(String balancer, String zone, boolean spills, double ownShare) {}
}
