package io.evenkeel.discovery.xds;

import io.envoyproxy.envoy.config.core.v3.Node;

/**
 * What is asked for, and as whom.
 *
 * @param clusterFirst whether the cluster is asked by what name its endpoints are known
 * @param scheme of the endpoints
 */
record Question(String cluster, boolean clusterFirst, boolean delta, String scheme, Node node) {}
