package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DatabasesIT {

    @TempDir
    Path temporary;

    @Test
    void queriesAreAnsweredWhileOneOfTwoDatabasesIsKilled() throws IOException, InterruptedException {
        // Started by root, the servers run as somebody else, who must get to their data
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        try (Program databases = Program.start(temporary, Databases.class)) {
            int code = databases.end();
            assumeFalse(code == 2, "no PostgreSQL can be started here: " + databases);
            assertThat(code).as(databases.toString()).isZero();
            assertThat(databases.lines()) // among which the driver may log
                    .anyMatch(line -> line.startsWith("Queries while two was killed, all answered"))
                    .anyMatch(line -> line.startsWith("Queries since: {one=") && !line.contains("two"));
            assertThat(databases.left()).isEmpty();
            assertThat(temporary).isEmptyDirectory();
        }
    }
}
