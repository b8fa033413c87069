/** Spring's RestClient on a balanced client. */
@NullMarked
package io.evenkeel.examples.clients.spring;

import org.jspecify.annotations.NullMarked;
