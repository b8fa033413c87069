package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A day in twelve seconds. */
@Timeout(120)
class ElasticityIT {

    @Test
    void noCallFailsWhileReplicasComeAndGoWithTheLoad() throws Exception {
        assertThat(new Elasticity(true).verdict()).startsWith("0 calls failed");
    }
}
