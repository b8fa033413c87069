package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SmallExamplesIT {

    @TempDir
    Path temporary;

    /** Which of them, is chance: of twelve calls in a row one replica may get none. */
    @Test
    void everyCallOfMinimalIsAnsweredByOneOfItsReplicas() throws IOException, InterruptedException {
        try (Program minimal = Program.start(temporary, Minimal.class)) {
            assertThat(minimal.end()).as(minimal.toString()).isZero();
            assertThat(minimal.lines())
                    .hasSize(12)
                    .allMatch(line -> line.matches("/items/[0-9]+ from replica (one|two|three)"));
        }
    }

    @Test
    void anyProtocolIsAnswered() throws IOException, InterruptedException {
        try (Program anyProtocol = Program.start(temporary, AnyProtocol.class)) {
            assertThat(anyProtocol.end()).as(anyProtocol.toString()).isZero();
            assertThat(anyProtocol.lines()).hasSize(6);
            assertThat(anyProtocol.lines().subList(1, 4))
                    .as("one key, one replica")
                    .containsOnly(anyProtocol.lines().get(1));
        }
    }
}
