package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class PickFirstTest extends PolicyContract {

    @Override
    Policy policy() {
        return Policy.pickFirst();
    }

    @Override
    int mostLooks() {
        return 0;
    }

    @Override
    double[] shares(List<FakeReplica> fleet) {
        double[] shares = new double[fleet.size()];
        shares[0] = 1;
        return shares;
    }

    /** All go to the first. */
    @Override
    double shareOfOne(int servers) {
        return 1;
    }

    @Test
    @Override
    void eachOfManyReplicasGetsItsShare() {
        Selector selector = selector(fleet(MANY));
        assertThat(selector.select(Call.any(), 0, random)).isZero();
    }

    @Test
    @Override
    void endpointsThatWereTriedAndLeftTheListDoNotMatter() {
        Call call = Call.any().withTried(Endpoint.of("http://gone.example"));
        assertThat(selector(fleet(2)).select(call, 0, random)).isZero();
    }

    @Test
    void whoeverWasTriedIsFollowedByTheNext() {
        List<FakeReplica> fleet = fleet(4);
        Selector selector = selector(fleet);
        Call call = Call.any();
        for (int i = 0; i < 4; i++) {
            assertThat(selector.select(call, 0, random)).isEqualTo(i);
            call = call.withTried(fleet.get(i).endpoint());
        }
    }
}
