package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SmallExamplesIT {

    @TempDir
    Path temporary;

    @Test
    void minimalIsAnsweredByEveryReplica() throws IOException, InterruptedException {
        try (Program minimal = Program.start(temporary, Minimal.class)) {
            assertThat(minimal.end()).as(minimal.toString()).isZero();
            assertThat(minimal.lines())
                    .hasSize(12)
                    .anyMatch(line -> line.endsWith("from replica one"))
                    .anyMatch(line -> line.endsWith("from replica two"))
                    .anyMatch(line -> line.endsWith("from replica three"));
        }
    }

    @Test
    void everyBasketIsAtOneReplica() throws IOException, InterruptedException {
        try (Program baskets = Program.start(temporary, Baskets.class)) {
            assertThat(baskets.end()).as(baskets.toString()).isZero();
            assertThat(baskets.lines())
                    .hasSize(4)
                    .allMatch(line -> line.matches("Customer [1-4]: 5 items at replica (one|two|three)"));
        }
    }

    @Test
    void anyProtocolIsAnsweredThroughAKill() throws IOException, InterruptedException {
        try (Program anyProtocol = Program.start(temporary, AnyProtocol.class)) {
            assertThat(anyProtocol.end()).as(anyProtocol.toString()).isZero();
            assertThat(anyProtocol.lines()).hasSize(8);
            assertThat(anyProtocol.lines().subList(1, 4))
                    .as("one key, one replica")
                    .containsOnly(anyProtocol.lines().get(1));
            assertThat(anyProtocol.lines().get(6)).startsWith("Calls while two was killed, all answered");
            assertThat(anyProtocol.lines().get(7))
                    .startsWith("Calls since")
                    .contains("hello from ")
                    .doesNotContain("two");
        }
    }

    @Test
    void datagramsAreAnsweredWhileOneReplicaIsSilent() throws IOException, InterruptedException {
        try (Program datagrams = Program.start(temporary, Datagrams.class)) {
            assertThat(datagrams.end()).as(datagrams.toString()).isZero();
            assertThat(datagrams.lines()).hasSize(2);
            assertThat(datagrams.lines().get(0)).startsWith("Calls while two fell silent, all answered");
            assertThat(datagrams.lines().get(1))
                    .startsWith("Calls since")
                    .contains("and now? from ")
                    .doesNotContain("two");
        }
    }

    @Test
    void stubsOfGrpcAreAnsweredWhileOneReplicaIsShutDown() throws IOException, InterruptedException {
        try (Program grpc = Program.start(temporary, Grpc.class)) {
            assertThat(grpc.end()).as(grpc.toString()).isZero();
            assertThat(grpc.lines()) // among which gRPC may log
                    .anyMatch(line -> line.startsWith("Calls while two was shut down, all answered"))
                    .anyMatch(line -> line.startsWith("Calls since: {hello again from ") && !line.contains("two"))
                    .anyMatch(line -> line.contains("INVALID_ARGUMENT") && line.contains("greet whom?"));
        }
    }
}
