/** The client of Kubernetes by fabric8, on a balanced client. */
@NullMarked
package io.evenkeel.examples.clients.kubernetes;

import org.jspecify.annotations.NullMarked;
