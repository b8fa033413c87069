package io.evenkeel.discovery.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** What a question is authorised by: asked for before each, so that it can be renewed. In no message. */
@FunctionalInterface
public interface Token {

    /** Nothing. */
    Token NONE = () -> "";

    /** The token of now; empty if there is none. */
    String get() throws IOException;

    /** What {@code supplier} gives. */
    static Token of(Supplier<String> supplier) {
        return () -> checked("the token", supplier.get());
    }

    /** What is in {@code file}. */
    static Token in(Path file) {
        return () -> checked("the token in " + file, read(file));
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException("the token in " + file + " cannot be read: " + e, e);
        }
    }

    /** Else the client would say, in full, what it cannot send. */
    private static String checked(String name, String token) throws IOException {
        String stripped = token.strip();
        if (!stripped.matches("[!-~]+")) {
            throw new IOException(name + " is blank, or has characters other than visible ones of ASCII");
        }
        return stripped;
    }
}
