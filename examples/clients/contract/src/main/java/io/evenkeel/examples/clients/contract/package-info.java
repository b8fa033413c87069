/** The tests that every library passes on a balanced client, beside the same on the JDK's own. */
@NullMarked
package io.evenkeel.examples.clients.contract;

import org.jspecify.annotations.NullMarked;
