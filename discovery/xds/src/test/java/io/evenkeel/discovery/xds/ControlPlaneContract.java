package io.evenkeel.discovery.xds;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** With a real control plane, in a process of its own. */
@SuppressWarnings("try") // a watch is there to be closed
abstract class ControlPlaneContract extends SourceContract {

    private final boolean delta;

    ControlPlaneContract(boolean delta) {
        this.delta = delta;
    }

    @Override
    protected Registry registry() throws Exception {
        return ControlPlaneRegistry.start(delta);
    }

    @AfterAll
    static void endTheProcess() throws Exception {
        ControlPlaneRegistry.end();
    }

    @Override
    protected Duration changesArriveWithin() {
        return Duration.ofSeconds(5);
    }

    @Test
    void aClusterMayNameItsEndpointsOtherwise() throws Exception {
        ControlPlaneRegistry plane = (ControlPlaneRegistry) theRegistry();
        plane.publish(service().endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = plane.sourceByCluster().watch(heard)) {
            heard.awaitUris(uris(service().endpoints(0, 2)), soon());
            plane.publish(service().endpoints(0, 3));
            heard.awaitUris(uris(service().endpoints(0, 3)), changesArriveWithin());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    static Set<String> uris(List<Endpoint> endpoints) {
        return endpoints.stream().map(each -> each.uri().toString()).collect(toSet());
    }
}
