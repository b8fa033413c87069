package io.evenkeel;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Why a call would go where it goes: every endpoint, whether it may be chosen, and why not.
 *
 * @param balancer the balancer's name
 * @param policy the policy that chooses
 * @param panic whether fewer than half of the replicas that can be reached are usable, so that all are candidates
 * @param candidates one line per endpoint, in the order of the list
 */
public record Explanation(String balancer, String policy, boolean panic, List<Candidate> candidates) {

    /** Checks nothing; copies the list. */
    public Explanation {
        candidates = List.copyOf(candidates);
    }

    /**
     * One endpoint.
     *
     * @param endpoint the endpoint
     * @param eligible whether the policy may choose it now; trial calls and endpoints tried before are told by the reason
     * @param weight effective weight
     * @param inFlight calls begun and not ended
     * @param score what the policy compares, lower is better; absent for policies that do not compare
     * @param reason why it is not eligible, or what is special about it; empty if nothing is
     */
    public record Candidate(
            Endpoint endpoint, boolean eligible, double weight, int inFlight, OptionalDouble score, String reason) {}

    /** One line per endpoint, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(balancer + ", " + policy + (panic ? ", panic: all are used" : ""));
        for (Candidate c : candidates) {
            text.append(System.lineSeparator())
                    .append(c.eligible ? "  may be chosen  " : "  excluded       ")
                    .append(c.endpoint.id())
                    .append("  weight ")
                    .append(c.weight)
                    .append(", in flight ")
                    .append(c.inFlight);
            c.score.ifPresent(score -> text.append(", score ").append(score));
            text.append(c.reason.isEmpty() ? "" : ": " + c.reason);
        }
        return text.toString();
    }
}
