/** The tests that every source passes, against its real registry: see {@link io.evenkeel.discovery.contract.SourceContract}. */
@NullMarked
package io.evenkeel.discovery.contract;

import org.jspecify.annotations.NullMarked;
