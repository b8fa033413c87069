/**
 * How to choose: {@link io.evenkeel.policy.Policy} makes a {@link io.evenkeel.policy.Selector} for each list of usable
 * replicas, and the selector chooses. Open {@link io.evenkeel.policy.Policy} first, then {@code LeastRequest}.
 *
 * <p>A policy is handed time and randomness; it never sees a gate, a thread or a clock of its own. Depends on
 * {@code io.evenkeel} only.
 */
@NullMarked
package io.evenkeel.policy;

import org.jspecify.annotations.NullMarked;
