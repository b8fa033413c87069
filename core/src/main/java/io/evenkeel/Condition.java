package io.evenkeel;

/** How well a balancer can do its work, from best to worst. */
public enum Condition {
    /** All replicas in service are usable, and the source reports no trouble. */
    HEALTHY,
    /** Some are not, or calls go by an old list; there are enough for all calls. */
    DEGRADED,
    /** Too few are usable, so those that are not are used, too. */
    PANIC,
    /** None is usable: all in service are tried, if there are any. */
    FAILING
}
