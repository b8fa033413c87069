package io.evenkeel;

/** Why a replica gets traffic, or does not. */
public enum EndpointState {
    /** Gets its full share. */
    UP,
    /** New, or back after an absence: its share grows from a tenth to all of it ({@link SlowStart}). */
    RAMPING,
    /** Out because of what calls showed ({@link Outliers}). */
    EJECTED,
    /** Out because its breaker opened ({@link Breaker}). */
    OPEN,
    /** Out because health checks failed, or because none has passed yet ({@link HealthCheck}). */
    UNHEALTHY,
    /** Gets single trial calls only. */
    HALF_OPEN,
    /** Gets no new calls; those in flight finish. */
    DRAINING,
    /** Gets no calls until it is enabled again. */
    DISABLED,
    /** No longer listed, kept as a last resort for a while because most of the list left with it. */
    DEPARTED
}
