package io.evenkeel.benchmarks.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs that were made before, in files: for each scenario and variant a line a seed. They count for as long as neither the
 * library nor the simulator changes.
 */
final class Cells {

    private final Path directory;

    /** Below {@code parent}, for the code as it is. */
    Cells(Path parent) throws IOException {
        this.directory = Files.createDirectories(parent.resolve(digestOfCode()));
    }

    /** What it gave when it was run before, or gives now. */
    Figures run(Scenario scenario, Variant variant, long seed) {
        try {
            Path file = file(scenario, variant);
            String start = seed + " ";
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith(start) && line.endsWith(" .")) {
                        return Figures.parse(line.substring(start.length(), line.length() - 2));
                    }
                }
            }
            Figures figures = scenario.run(variant, seed);
            Files.writeString(
                    file, start + figures.print() + " .\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return figures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(Scenario scenario, Variant variant) {
        byte[] key =
                (scenario.name() + '\n' + scenario.calls() + '\n' + variant.name()).getBytes(StandardCharsets.UTF_8);
        return directory.resolve(hex(sha().digest(key)));
    }

    /** Of all classes of the library and of this package. */
    private static String digestOfCode() throws IOException {
        MessageDigest sha = sha();
        digest(sha, io.evenkeel.Endpoint.class, path -> !path.contains("/benchmarks/"));
        digest(sha, Cells.class, path -> path.contains("/benchmarks/sim/"));
        return hex(sha.digest());
    }

    private static void digest(MessageDigest sha, Class<?> one, Predicate<String> counts) throws IOException {
        Path source;
        try {
            source = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException("no place of " + one, e);
        }
        if (Files.isDirectory(source)) {
            digest(sha, source, counts);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(source)) {
                digest(sha, jar.getPath("/"), counts);
            }
        }
    }

    private static void digest(MessageDigest sha, Path root, Predicate<String> counts) throws IOException {
        Path ours = root.resolve("io").resolve("evenkeel");
        try (Stream<Path> files = Files.walk(ours)) {
            List<Path> classes = files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file ->
                            counts.test("/" + ours.relativize(file).toString().replace('\\', '/')))
                    .sorted()
                    .toList();
            for (Path file : classes) {
                sha.update(Files.readAllBytes(file));
            }
        }
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes, 0, 10);
    }
}
