/**
 * The simulator: real policies and real balancers, on a virtual clock, against replicas that follow a script. Open
 * {@link io.evenkeel.benchmarks.sim.Scenario} first, then {@code Run}.
 *
 * <p>One thread; the same seed gives the same run. What a scenario draws (arrivals, who calls, how much work, what replicas
 * go through) comes from other streams of chance than what policies draw, so that variants meet the same calls.
 */
@org.jspecify.annotations.NullMarked
package io.evenkeel.benchmarks.sim;
