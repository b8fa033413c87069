package io.evenkeel;

/**
 * What one replica is doing. Counters begin when the balancer first saw the endpoint and never go down.
 *
 * @param endpoint the endpoint as last listed
 * @param state why it gets traffic or does not
 * @param reason the cause of the state in words, and why it gets fewer calls than others or none (its priority, zone,
 *     or this client's subset); empty if there is nothing to say
 * @param weight effective weight: configured or the operator's, times the ramp
 * @param inFlight calls begun and not ended, bodies included
 * @param successes attempts that ended with {@link Outcome#SUCCESS}, body included
 * @param failures attempts that ended with {@link Outcome#FAILURE}, or whose body broke off
 * @param overloaded attempts that ended with {@link Outcome#OVERLOADED}
 * @param ignored attempts that ended with {@link Outcome#IGNORED}
 * @param turnedAway how often a call found it at its limit of calls in flight; in a dry run, how many calls were let in all the same
 */
public record EndpointStats(
        Endpoint endpoint,
        EndpointState state,
        String reason,
        double weight,
        int inFlight,
        long successes,
        long failures,
        long overloaded,
        long ignored,
        long turnedAway) {}
