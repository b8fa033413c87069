/**
 * How an HTTP request travels: {@link io.evenkeel.http.BalancedHttpClient} is a {@link java.net.http.HttpClient} around
 * another one. Open it first, then {@code Conversation}: one request through its attempts.
 *
 * <p>Depends on {@code balance} (its public types only), {@code resilience.Unsent} and {@code Percentile}, {@code
 * io.evenkeel} and the JDK's client.
 */
@NullMarked
package io.evenkeel.http;

import org.jspecify.annotations.NullMarked;
