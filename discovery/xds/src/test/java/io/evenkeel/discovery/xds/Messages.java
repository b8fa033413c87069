package io.evenkeel.discovery.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.Arrays;
import java.util.List;

/** What control planes say, made briefly. */
final class Messages {

    static final String CLUSTER = Type.CLUSTER.url();
    static final String ENDPOINTS = Type.ENDPOINTS.url();

    /** A field with the number 1 of a length that is not there. */
    static final ByteString GARBAGE = ByteString.copyFrom(new byte[] {10, 127, 0});

    private Messages() {}

    // Resources

    static ClusterLoadAssignment assignment(String cluster, LocalityLbEndpoints... localities) {
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addAllEndpoints(List.of(localities))
                .build();
    }

    /** One locality without a name, of such hosts at port 80. */
    static ClusterLoadAssignment assignmentOf(String cluster, String... hosts) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        Arrays.stream(hosts).forEach(host -> locality.addLbEndpoints(endpoint(host)));
        return assignment(cluster, locality.build());
    }

    static LocalityLbEndpoints locality(String zone, int priority, int weight, LbEndpoint.Builder... endpoints) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder()
                .setLocality(Locality.newBuilder().setZone(zone))
                .setPriority(priority);
        if (weight >= 0) {
            locality.setLoadBalancingWeight(UInt32Value.of(weight));
        }
        Arrays.stream(endpoints).forEach(locality::addLbEndpoints);
        return locality.build();
    }

    static LbEndpoint.Builder endpoint(String host) {
        return at(Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(80)));
    }

    static LbEndpoint.Builder endpoint(String host, int weight) {
        return endpoint(host).setLoadBalancingWeight(UInt32Value.of(weight));
    }

    static LbEndpoint.Builder endpoint(String host, HealthStatus health) {
        return endpoint(host).setHealthStatus(health);
    }

    static LbEndpoint.Builder at(Address.Builder address) {
        return LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address));
    }

    static Cluster cluster(String name, String service) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setServiceName(service))
                .build();
    }

    static Any garbage(String type) {
        return Any.newBuilder().setTypeUrl(type).setValue(GARBAGE).build();
    }

    /** As who hands out resources that end after a time packs them. */
    static Resource wrapped(String name, Message resource) {
        return heartbeat(name).toBuilder().setResource(packed(resource)).build();
    }

    /** Says that a resource is still alive. */
    static Resource heartbeat(String name) {
        return Resource.newBuilder()
                .setName(name)
                .setTtl(Duration.newBuilder().setSeconds(60))
                .build();
    }

    // Answers

    static DiscoveryResponse world(String type, String version, String nonce, Message... resources) {
        return DiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setVersionInfo(version)
                .setNonce(nonce)
                .addAllResources(Arrays.stream(resources).map(Messages::packed).toList())
                .build();
    }

    static DeltaDiscoveryResponse changed(String type, String version, String nonce, Message... resources) {
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setSystemVersionInfo("system-" + version)
                .setNonce(nonce)
                .addAllResources(Arrays.stream(resources)
                        .map(each -> Resource.newBuilder()
                                .setVersion(version)
                                .setResource(packed(each))
                                .build())
                        .toList())
                .build();
    }

    static DeltaDiscoveryResponse removed(String type, String nonce, String... names) {
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setNonce(nonce)
                .addAllRemovedResources(List.of(names))
                .build();
    }

    private static Any packed(Message resource) {
        return resource instanceof Any any ? any : Any.pack(resource);
    }
}
