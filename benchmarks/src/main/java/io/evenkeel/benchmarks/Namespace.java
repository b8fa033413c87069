package io.evenkeel.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A network of its own (Linux), which ends with the program that runs in it: there packets can be dropped, and nobody else is harmed. */
final class Namespace {

    private static final List<String> ENTER = List.of("unshare", "--map-root-user", "--net");

    private Namespace() {}

    /** Why there can be none here; empty if there can. */
    static Optional<String> missing() {
        if (Processes.find("nft").isEmpty() || Processes.find("ip").isEmpty()) {
            return Optional.of("nft and ip must be installed");
        }
        List<String> command = new ArrayList<>(ENTER);
        command.addAll(List.of("nft", "add", "table", "inet", "trial"));
        try {
            run(command.toArray(String[]::new));
            return Optional.empty();
        } catch (IOException | InterruptedException e) {
            return Optional.of("no network namespace can be made here: " + e.getMessage());
        }
    }

    /** The lines that a program prints that runs in one. */
    static List<String> lines(Class<?> main, List<String> args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ENTER);
        command.addAll(Forks.command(main, "512m", args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = process.inputReader().lines().toList();
        if (process.waitFor() != 0) {
            throw new IOException(main.getSimpleName() + args + " failed");
        }
        return lines;
    }

    /** From within: the loopback device is down at first. */
    static void begin() throws IOException, InterruptedException {
        run("ip", "link", "set", "lo", "up");
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = String.join(" ", process.inputReader().lines().toList());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
