/**
 * What several sources share: how lists of endpoints are written ({@link io.evenkeel.discovery.common.EndpointList}), JSON, HTTP with bounds
 * on what a registry may cost, and what a watch hands on ({@link io.evenkeel.discovery.common.Changes}, {@link io.evenkeel.discovery.common.Told}). For the artifacts of this family; others may see it change.
 *
 * <p>Depends on packages {@code io.evenkeel} and {@code io.evenkeel.discovery} and, in {@code Json} only, on nanojson.
 */
@NullMarked
package io.evenkeel.discovery.common;

import org.jspecify.annotations.NullMarked;
