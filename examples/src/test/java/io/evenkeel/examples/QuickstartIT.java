package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QuickstartIT {

    @TempDir
    Path temporary;

    @Test
    void theCallerSeesNoErrorAndNothingIsLeft() throws IOException, InterruptedException {
        try (Program quickstart = start()) {
            int exitCode = quickstart.end();
            assumeThat(exitCode != 0 && isTooSlow(quickstart))
                    .as("this machine has too much else to do: it did not make the calls before anything happened")
                    .isFalse();
            assertThat(exitCode).as(quickstart.toString()).isZero();
            assertThat(quickstart.children()).as("three replicas and one more").hasSizeGreaterThanOrEqualTo(4);
            assertThat(quickstart.running()).isEmpty();
            assertThat(temporary).isEmptyDirectory();
            assertThat(quickstart.toString())
                    .contains(
                            "SIGKILL to replica-2", "SIGSTOP to replica-3", "SIGCONT to replica-3", "new: [replica-4]")
                    .contains("replica-2 is EJECTED", "0 errors seen by the caller", "the caller saw no error")
                    .doesNotContain("Exception in");
            assertThat(quickstart.lines()).allMatch(line -> line.length() <= 120);
        }
    }

    @Test
    void theCallerSeesNoErrorWhereANameServerHasTheList() throws IOException, InterruptedException {
        needs(Files.exists(Path.of("/usr/sbin/knotd")), "the name server Knot DNS");
        try (Program quickstart = Program.start(temporary, Quickstart.class, "PT0.5S", "dns")) {
            int exitCode = quickstart.end();
            assumeThat(exitCode != 0 && isTooSlow(quickstart))
                    .as("this machine has too much else to do: it did not make the calls before anything happened")
                    .isFalse();
            assertThat(exitCode).as(quickstart.toString()).isZero();
            assertThat(quickstart.running()).isEmpty();
            assertThat(temporary).isEmptyDirectory();
            assertThat(quickstart.toString()).contains("rewrites the zone of a name server, Knot DNS, with 4 replicas");
        }
    }

    /** Something that may be missing on this machine: a failure in CI, a skip elsewhere. */
    private static void needs(boolean there, String what) {
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(what + " is missing");
        }
        assumeThat(there).as(what + " is missing").isTrue();
    }

    /** Whether in one of the first four rows, before anything happens, not half of the 60 calls were answered that are made in the time of one. */
    private static boolean isTooSlow(Program quickstart) {
        return quickstart.lines().stream()
                .map(String::strip)
                .filter(line -> line.matches("[1-4] .*"))
                .anyMatch(line -> Integer.parseInt(line.split(" +", -1)[1]) < 30);
    }

    @Test
    void nothingIsLeftWhenItIsToldToEndWhileAReplicaIsStopped() throws IOException, InterruptedException {
        try (Program quickstart = start().readTo("SIGSTOP")) {
            assertThat(quickstart.running())
                    .as("two replicas, one of them stopped")
                    .hasSizeGreaterThanOrEqualTo(2);
            quickstart.handle().destroy();
            assertThat(quickstart.end()).isNotZero();
            assertThat(quickstart.running()).isEmpty();
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    void noProcessIsLeftWhenItIsKilledWhileAReplicaIsStopped() throws IOException, InterruptedException {
        try (Program quickstart = start().readTo("SIGSTOP")) {
            quickstart.handle().destroyForcibly();
            assertThat(quickstart.left()).isEmpty();
        }
    }

    @Test
    void itEndsWhenNobodyReadsIt() throws IOException, InterruptedException {
        try (Program quickstart = start().readTo("replica-2 is EJECTED")) {
            quickstart.stopReading();
            assertThat(quickstart.exitCode()).isNotZero();
            assertThat(quickstart.running()).isEmpty();
            assertThat(temporary).isEmptyDirectory();
        }
    }

    private Program start() throws IOException {
        return Program.start(temporary, Quickstart.class, "PT0.3S");
    }
}
