/** Feign on a balanced client. */
@NullMarked
package io.evenkeel.examples.clients.feign;

import org.jspecify.annotations.NullMarked;
