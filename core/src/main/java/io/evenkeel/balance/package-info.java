/**
 * Which endpoint, now: {@link io.evenkeel.balance.LoadBalancer} and its machinery. Open {@code LoadBalancer}, then
 * {@code Eligibility} (the update pipeline on one page) and {@code Snapshot} (the request's side of it).
 *
 * <p>Depends on {@code policy}, {@code resilience} and {@code io.evenkeel}. Only {@code BreakerGate} imports Resilience4j,
 * only {@code DepartedReplicas} imports Caffeine, only {@code Defaults} reads the real clock, draws real chance or makes
 * threads.
 */
@NullMarked
package io.evenkeel.balance;

import org.jspecify.annotations.NullMarked;
