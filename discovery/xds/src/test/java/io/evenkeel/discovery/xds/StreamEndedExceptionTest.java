package io.evenkeel.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class StreamEndedExceptionTest {

    @Test
    void itSaysWhoEndedHowAndWhy() {
        Status refused = Status.UNAVAILABLE
                .withDescription("io exception")
                .withCause(new ConnectException("Connection refused"));

        assertThat(new StreamEndedException("xds://cp:1", refused, ""))
                .hasMessage("xds://cp:1: UNAVAILABLE: io exception: java.net.ConnectException: Connection refused")
                .matches(end -> !end.wasOrderly() && !end.hadTooManyPings());
        assertThat(new StreamEndedException("xds://cp:1", Status.UNIMPLEMENTED, ""))
                .hasMessage("xds://cp:1: UNIMPLEMENTED");
    }

    @Test
    void aSecretThatTheServerRepeatsIsNotShown() {
        Status denied = Status.PERMISSION_DENIED.withDescription("who is s3cret?");

        assertThat(new StreamEndedException("xds://cp:1", denied, "s3cret"))
                .hasMessage("xds://cp:1: PERMISSION_DENIED: who is ***?")
                .hasNoCause();
    }

    @Test
    void itKnowsAGoodEndAndTooManyPings() {
        Status tooMany = Status.RESOURCE_EXHAUSTED.withDescription("ENHANCE_YOUR_CALM, debug data: too_many_pings");

        assertThat(new StreamEndedException("xds://cp:1", Status.OK, "").wasOrderly())
                .isTrue();
        assertThat(new StreamEndedException("xds://cp:1", tooMany, "").hadTooManyPings())
                .isTrue();
    }
}
