package io.evenkeel.discovery.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final int LOOKS_IN_TWO_SECONDS = 4;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("file");
    }

    @Test
    void onlyOtherContentIsAChange() throws IOException {
        WatchedFile watched = new WatchedFile(file, INTERVAL);
        TempFiles.write(file, "old");
        assertThat(changed(watched)).contains("old");

        TempFiles.replace(file, "old");
        assertThat(changed(watched)).isEmpty();

        TempFiles.replace(file, "new");
        assertThat(changed(watched)).contains("new");
    }

    @Test
    void anEmptyFileIsAChangeFromNoFile() throws IOException {
        TempFiles.write(file, "");

        assertThat(changed(new WatchedFile(file, INTERVAL))).contains("");
    }

    @Test
    void aChangeThatTheStampHidesIsSeenForTwoSeconds() throws IOException {
        WatchedFile watched = new WatchedFile(file, INTERVAL, "isRegularFile,size");
        TempFiles.write(file, "0");
        assertThat(changed(watched)).contains("0");

        for (int look = 1; look <= LOOKS_IN_TWO_SECONDS; look++) {
            TempFiles.write(file, "" + look);
            assertThat(changed(watched)).contains("" + look);
        }
    }

    @Test
    void afterTwoSecondsWithoutANewStampTheFileIsNoLongerRead() throws IOException {
        WatchedFile watched = new WatchedFile(file, INTERVAL, "isRegularFile,size");
        TempFiles.write(file, "0");
        for (int look = 0; look <= LOOKS_IN_TWO_SECONDS + 1; look++) {
            changed(watched);
        }

        TempFiles.write(file, "1");
        assertThat(changed(watched)).isEmpty();

        TempFiles.write(file, "12");
        assertThat(changed(watched)).contains("12");
        TempFiles.write(file, "34");
        assertThat(changed(watched)).contains("34");
    }

    @Test
    void whateverIsThereAfterAFailureIsAChange() throws IOException {
        WatchedFile watched = new WatchedFile(file, INTERVAL);
        TempFiles.write(file, "old");
        changed(watched);

        Path away = Files.move(file, folder.resolve("away"));
        assertThatThrownBy(watched::changed).isInstanceOf(NoSuchFileException.class);
        Files.move(away, file);

        assertThat(changed(watched)).contains("old");
    }

    @Test
    void whatWasForgottenIsAChange() throws IOException {
        WatchedFile watched = new WatchedFile(file, INTERVAL);
        TempFiles.write(file, "old");
        changed(watched);

        watched.forget();

        assertThat(changed(watched)).contains("old");
    }

    private static Optional<String> changed(WatchedFile watched) throws IOException {
        return watched.changed().map(bytes -> new String(bytes, UTF_8));
    }
}
