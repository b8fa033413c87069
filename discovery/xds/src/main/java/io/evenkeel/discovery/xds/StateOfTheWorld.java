package io.evenkeel.discovery.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;

/** The variant in which a request names everything that is wanted, and a version of the whole. */
record StateOfTheWorld(Node node) implements Variant<DiscoveryRequest, DiscoveryResponse> {

    @Override
    public MethodDescriptor<DiscoveryRequest, DiscoveryResponse> method() {
        return AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod();
    }

    @Override
    public DiscoveryRequest subscribe(Subscription<?> to, Optional<String> instead) {
        return request(to).build();
    }

    @Override
    public DiscoveryRequest accept(Subscription<?> to) {
        return request(to).build();
    }

    @Override
    public DiscoveryRequest acceptLoss(Subscription<?> to) {
        return accept(to);
    }

    @Override
    public DiscoveryRequest refuse(Subscription<?> to, String reason) {
        return request(to).setErrorDetail(Variant.refusal(reason)).build();
    }

    /** With the node in each, though the first would do: some servers look for it in every request. */
    private DiscoveryRequest.Builder request(Subscription<?> to) {
        return DiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(to.type().url())
                .addResourceNames(to.name())
                .setVersionInfo(to.version())
                .setResponseNonce(to.nonce());
    }

    /** Of clusters it holds all that were asked for; of endpoints those that changed, and perhaps others. */
    @Override
    public Answer read(DiscoveryResponse response) {
        List<Resource> all = response.getResourcesList().stream()
                .map(StateOfTheWorld::resource)
                .toList();
        String version = response.getVersionInfo();
        List<Answer.Found> found = all.stream()
                .filter(Resource::hasResource) // one without only says that the resource is still alive
                .map(each -> new Answer.Found(version, each.getResource()))
                .toList();
        boolean complete = response.getTypeUrl().equals(Type.CLUSTER.url()) && found.size() == all.size();
        return new Answer(response.getTypeUrl(), version, response.getNonce(), found, List.of(), complete);
    }

    /** One that ends after a time is packed twice. What cannot be unpacked is no resource of ours either, and refused as such. */
    private static Resource resource(Any packed) {
        try {
            return packed.is(Resource.class)
                    ? packed.unpack(Resource.class)
                    : Resource.newBuilder().setResource(packed).build();
        } catch (InvalidProtocolBufferException e) {
            return Resource.newBuilder().setResource(packed).build();
        }
    }
}
