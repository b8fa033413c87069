/**
 * Benchmarks: what a pick costs beside its floors, a whole client beside a bare one and a proxy, how throughput grows with
 * replicas, memory, and policies in simulated fleets. Open {@link io.evenkeel.benchmarks.Main} first. Knows everything; nothing knows it.
 */
@org.jspecify.annotations.NullMarked
package io.evenkeel.benchmarks;
