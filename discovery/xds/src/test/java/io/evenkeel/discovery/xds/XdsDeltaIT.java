package io.evenkeel.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import org.junit.jupiter.api.Test;

class XdsDeltaIT extends ControlPlaneContract {

    XdsDeltaIT() {
        super(true);
    }

    @Test
    @SuppressWarnings("try") // a watch is there to be closed
    void aRemovedClusterIsTroubleAndNoEmptyList() throws Exception {
        theRegistry().publish(service().endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = theRegistry().source().watch(heard)) {
            heard.awaitUris(uris(service().endpoints(0, 2)), soon());
            ((ControlPlaneRegistry) theRegistry()).remove();
            assertThat(heard.awaitTrouble(0, soon())).hasMessageContaining("the control plane has no endpoints of");
            theRegistry().publish(service().endpoints(0, 3));
            heard.awaitUris(uris(service().endpoints(0, 3)), soon());
        }
        assertThat(heard.lists()).hasSize(2);
    }
}
