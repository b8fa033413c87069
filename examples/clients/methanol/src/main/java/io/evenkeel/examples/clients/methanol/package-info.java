/** Methanol around a balanced client, and within. */
@NullMarked
package io.evenkeel.examples.clients.methanol;

import org.jspecify.annotations.NullMarked;
