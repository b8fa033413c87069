package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A day in twelve seconds. */
@Timeout(120)
class ElasticityIT {

    private static final Pattern VERDICT = Pattern.compile("0 calls failed; [0-9]+ to ([0-9]+) replicas were in use");

    /** The day begins with three replicas, and at its peak the load needs seven: some that came are used. */
    @Test
    void noCallFailsWhileReplicasComeAndGoWithTheLoadAndThoseThatComeAreUsed() throws Exception {
        String verdict = new Elasticity(true).verdict();
        Matcher words = VERDICT.matcher(verdict);
        assertThat(words.matches()).as(verdict).isTrue();
        assertThat(Integer.parseInt(words.group(1))).as(verdict).isGreaterThan(3);
    }
}
