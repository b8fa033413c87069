package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QuickstartIT {

    private static final String SECOND = "PT0.4S";

    @Test
    void theCallerSeesNoErrorAndNoProcessIsLeft() throws IOException, InterruptedException {
        try (Program quickstart = Program.start(Quickstart.class, SECOND)) {
            assertThat(quickstart.end()).as(quickstart.toString()).isZero();
            assertThat(quickstart.children()).as("three replicas, and one more").hasSizeGreaterThanOrEqualTo(4);
            assertThat(quickstart.running()).isEmpty();
            assertThat(quickstart.toString())
                    .contains(
                            "SIGKILL to replica-2", "SIGSTOP to replica-3", "SIGCONT to replica-3", "new: [replica-4]")
                    .contains("replica-2 is EJECTED", "0 errors seen by the caller", "the caller saw no error")
                    .doesNotContain("Exception in");
            assertThat(quickstart.lines()).allMatch(line -> line.length() <= 120);
        }
    }

    @Test
    void noProcessIsLeftWhenItIsInterruptedWhileAReplicaIsStopped() throws IOException, InterruptedException {
        try (Program quickstart = Program.start(Quickstart.class, SECOND).readTo("SIGSTOP")) {
            assertThat(quickstart.running())
                    .as("two replicas, one of them stopped")
                    .hasSizeGreaterThanOrEqualTo(2);
            quickstart.handle().destroy();
            assertThat(quickstart.end()).isNotZero();
            assertThat(quickstart.running()).isEmpty();
        }
    }

    @Test
    void noProcessIsLeftWhenItIsKilledWhileAReplicaIsStopped() throws IOException, InterruptedException {
        try (Program quickstart = Program.start(Quickstart.class, SECOND).readTo("SIGSTOP")) {
            quickstart.handle().destroyForcibly();
            assertThat(quickstart.left()).isEmpty();
        }
    }
}
