package io.evenkeel.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The PostgreSQL that is installed here, and how to run it: not as root, which it refuses. */
final class Postgres {

    private static final Path DEBIANS = Path.of("/usr/lib/postgresql");

    private final Path programs;
    /** What a command begins with. */
    private final List<String> prefix;

    private final String user;

    private Postgres(Path programs, List<String> prefix, String user) {
        this.programs = programs;
        this.prefix = prefix;
        this.user = user;
    }

    /** There is none here, or none that can be started. */
    static final class UnavailableException extends Exception {

        private static final long serialVersionUID = 1;

        UnavailableException(String message) {
            super(message);
        }
    }

    static Postgres find() throws IOException, InterruptedException, UnavailableException {
        Path programs = programs();
        if (!output("id", "-u").equals("0")) {
            return new Postgres(programs, List.of(), "");
        }
        String user = new ProcessBuilder("id", "postgres").start().waitFor() == 0 ? "postgres" : "nobody";
        List<String> prefix = List.of(
                "setpriv",
                "--reuid=" + output("id", "-u", user),
                "--regid=" + output("id", "-g", user),
                "--clear-groups");
        return new Postgres(programs, prefix, user);
    }

    private static Path programs() throws IOException, UnavailableException {
        List<Path> places = new ArrayList<>();
        for (String place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            places.add(Path.of(place));
        }
        if (Files.isDirectory(DEBIANS)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIANS)) {
                versions.forEach(version -> places.add(version.resolve("bin")));
            }
        }
        for (Path place : places) {
            if (Files.isExecutable(place.resolve("initdb")) && Files.isExecutable(place.resolve("postgres"))) {
                return place;
            }
        }
        throw new UnavailableException("no initdb and postgres on the PATH or in " + DEBIANS + "/*/bin");
    }

    /** Hands a folder and all that is in it to the user that the servers run as. */
    void own(Path folder) throws IOException, InterruptedException, UnavailableException {
        if (!user.isEmpty()) {
            output("chown", "-R", user, folder.toString());
        }
    }

    /** The command of one of its programs. */
    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command to its end, and gives what it said. */
    static String output(String... command) throws IOException, InterruptedException, UnavailableException {
        Process process = start(Arrays.asList(command));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new UnavailableException(command[0] + " failed: " + output);
        }
        return output;
    }

    /** In English, for us to read. */
    static Process start(List<String> command) throws UnavailableException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UnavailableException(command.getFirst() + " cannot be run: " + e);
        }
    }
}
