package io.evenkeel.balance;

import java.time.Instant;

/**
 * What a start begins with while the source is silent.
 *
 * @param balancer whose list it is
 * @param asOf when the source last stood by it
 * @param lineup by the wall clock
 */
record LastList(String balancer, Instant asOf, Lineup lineup) {}
