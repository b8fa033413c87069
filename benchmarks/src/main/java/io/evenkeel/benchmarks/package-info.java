/**
 * Benchmarks: what a pick costs beside its floors, a whole client beside a bare one and a proxy, what callers
 * see when a replica turns bad, how throughput grows with replicas, what a change of the list takes, memory, and policies in
 * simulated fleets. Other balancers, in {@code src/peers}, need the profile {@code peers}. Open {@link io.evenkeel.benchmarks.Main} first. Knows everything; nothing knows it.
 */
@org.jspecify.annotations.NullMarked
package io.evenkeel.benchmarks;
