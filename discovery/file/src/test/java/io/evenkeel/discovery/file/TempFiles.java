package io.evenkeel.discovery.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two ways to write a file. */
final class TempFiles {

    private TempFiles() {}

    /** In place: the same file, first cut to nothing. */
    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In one step: another file takes its name. */
    static void replace(Path file, String text) {
        try {
            Path next = Files.writeString(file.resolveSibling("next"), text);
            Files.move(next, file, ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
