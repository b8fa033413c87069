/** A client made of an OpenAPI document, on a balanced client. */
@NullMarked
package io.evenkeel.examples.clients.openapi;

import org.jspecify.annotations.NullMarked;
