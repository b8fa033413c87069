package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A day in twelve seconds. */
@Timeout(120)
class ElasticityIT {

    private static final Pattern VERDICT =
            Pattern.compile("0 calls failed; [0-9]+ to ([0-9]+) replicas were in use, ([0-9]+) at the end");

    /** The day begins and ends with a load for three replicas, and at its peak the load needs seven: some come and are used, and some go again. */
    @Test
    void noCallFailsWhileReplicasInUseComeAndGoWithTheLoad() throws Exception {
        String verdict = new Elasticity(true).verdict();
        Matcher words = VERDICT.matcher(verdict);
        assertThat(words.matches()).as(verdict).isTrue();
        int most = Integer.parseInt(words.group(1));
        assertThat(most).as(verdict).isGreaterThan(3);
        assertThat(Integer.parseInt(words.group(2))).as(verdict).isLessThan(most);
    }
}
