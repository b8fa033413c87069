package io.evenkeel.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class XdsStateOfTheWorldIT extends ControlPlaneContract {

    XdsStateOfTheWorldIT() {
        super(false);
    }

    @Test
    @SuppressWarnings("try") // a watch is there to be closed
    void aServerThatFallsSilentIsNoticedWithin20Seconds() throws Exception {
        theRegistry().publish(service().endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = theRegistry().source().watch(heard)) {
            heard.awaitUris(uris(service().endpoints(0, 2)), soon());
            theRegistry().harm(Fault.STOPPED);
            Exception trouble = heard.awaitTrouble(0, Duration.ofSeconds(20));
            assertThat(trouble).hasMessageContaining("UNAVAILABLE: Keepalive failed");
            theRegistry().mend();
            theRegistry().publish(service().endpoints(0, 3));
            heard.awaitUris(uris(service().endpoints(0, 3)), soon());
        }
    }
}
