/**
 * What to do next: attempt, wait or stop. {@link io.evenkeel.resilience.Attempts} decides, once per call and for both
 * drivers (blocking and asynchronous); {@link io.evenkeel.resilience.RetryBudget} bounds all calls together; {@link io.evenkeel.resilience.Onward}
 * is the future of a call that goes on so. No threads, no clock: time is handed in.
 *
 * <p>Not exported: its public types are for the other packages of this module. Depends on {@code io.evenkeel} only.
 */
@NullMarked
package io.evenkeel.resilience;

import org.jspecify.annotations.NullMarked;
