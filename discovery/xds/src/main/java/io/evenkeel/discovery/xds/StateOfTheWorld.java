package io.evenkeel.discovery.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
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
        String version = response.getVersionInfo();
        List<Answer.Found> found = response.getResourcesList().stream()
                .map(resource -> new Answer.Found(version, resource))
                .toList();
        boolean complete = response.getTypeUrl().equals(Type.CLUSTER.url());
        return new Answer(response.getTypeUrl(), version, response.getNonce(), found, List.of(), complete);
    }
}
