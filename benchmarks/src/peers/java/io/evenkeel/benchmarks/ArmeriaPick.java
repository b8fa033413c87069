package io.evenkeel.benchmarks;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import java.util.stream.IntStream;

/** Armeria: {@code selectNow}; these strategies look at nothing of the call, and are told nothing of how it ends. */
final class ArmeriaPick extends PeerPick {

    private final EndpointGroup group;

    ArmeriaPick(EndpointSelectionStrategy strategy, int replicas) {
        group = EndpointGroup.of(
                strategy,
                IntStream.range(0, replicas)
                        .mapToObj(replica -> Endpoint.of(host(replica), 8080))
                        .toList());
    }

    @Override
    Object once() {
        return group.selectNow(null);
    }
}
