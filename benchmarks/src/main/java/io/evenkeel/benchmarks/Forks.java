package io.evenkeel.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class in a JVM of its own. */
final class Forks {

    private Forks() {}

    /** The command line of such a JVM: a fixed heap whose pages are there from the start. */
    static List<String> command(Class<?> main, String heap, List<String> args) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(args);
        return command;
    }

    /** Adds what the fork prints to {@code samples}. */
    static void run(Class<?> main, List<String> args, Samples samples) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(main, "512m", args))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        samples.read(process.inputReader().lines().toList());
        int status = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        if (status != 0) {
            throw new IOException(main.getSimpleName() + args + " ended with " + status);
        }
    }
}
