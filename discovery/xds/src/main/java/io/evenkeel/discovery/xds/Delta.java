package io.evenkeel.discovery.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;

/** The variant in which only what changes is said, by both sides, and each resource has a version of its own. */
record Delta(Node node) implements Variant<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {

    @Override
    public MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> method() {
        return AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod();
    }

    @Override
    public DeltaDiscoveryRequest subscribe(Subscription<?> to, Optional<String> instead) {
        DeltaDiscoveryRequest.Builder request = request(to).addResourceNamesSubscribe(to.name());
        instead.ifPresent(request::addResourceNamesUnsubscribe);
        if (to.held()) {
            request.putInitialResourceVersions(to.name(), to.resourceVersion());
        }
        return request.build();
    }

    @Override
    public DeltaDiscoveryRequest accept(Subscription<?> to) {
        return request(to).setResponseNonce(to.nonce()).build();
    }

    /** Asks once more: some servers take a removal for the end of the subscription. */
    @Override
    public DeltaDiscoveryRequest acceptLoss(Subscription<?> to) {
        return accept(to).toBuilder().addResourceNamesSubscribe(to.name()).build();
    }

    @Override
    public DeltaDiscoveryRequest refuse(Subscription<?> to, String reason) {
        return request(to)
                .setResponseNonce(to.nonce())
                .setErrorDetail(Variant.refusal(reason))
                .build();
    }

    private DeltaDiscoveryRequest.Builder request(Subscription<?> to) {
        return DeltaDiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(to.type().url());
    }

    @Override
    public Answer read(DeltaDiscoveryResponse response) {
        List<Answer.Found> found = response.getResourcesList().stream()
                .filter(Resource::hasResource) // one without only says that the resource is still alive
                .map(each -> new Answer.Found(each.getVersion(), each.getResource()))
                .toList();
        return new Answer(
                response.getTypeUrl(),
                response.getSystemVersionInfo(),
                response.getNonce(),
                found,
                response.getRemovedResourcesList(),
                false);
    }
}
