package io.evenkeel.discovery.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import java.util.function.Function;

/** A type of resource that control planes hand out. */
record Type<M extends Message>(String url, Class<M> message, Function<M, String> naming) {

    static final Type<Cluster> CLUSTER =
            new Type<>("type.googleapis.com/envoy.config.cluster.v3.Cluster", Cluster.class, Cluster::getName);

    static final Type<ClusterLoadAssignment> ENDPOINTS = new Type<>(
            "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
            ClusterLoadAssignment.class,
            ClusterLoadAssignment::getClusterName);

    M unpack(Any resource) throws UnusableException {
        try {
            return resource.unpack(message);
        } catch (InvalidProtocolBufferException e) {
            throw new UnusableException(
                    "holds what is no " + message.getSimpleName() + ": " + Shown.text(String.valueOf(e.getMessage())),
                    e);
        }
    }
}
