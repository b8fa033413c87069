/**
 * The words of Evenkeel: values, settings, what can be seen, and the two interfaces that a user may implement
 * ({@link io.evenkeel.EndpointSource}, {@link io.evenkeel.Observer}). Open {@link io.evenkeel.Endpoint} first.
 *
 * <p>Depends on the JDK only. Nothing here is null: a parameter that is null throws {@link NullPointerException}. Every
 * value and every settings record is immutable and may be shared by any threads; a {@code withX} method returns a copy
 * and refuses a bad value with an {@link IllegalArgumentException} that names the value and the range.
 */
@NullMarked
package io.evenkeel;

import org.jspecify.annotations.NullMarked;
