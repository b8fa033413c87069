package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of the guide and of the pages of sources, sessions and clients is that of the examples, or of their tests: it compiles, and it runs. */
class GuideTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    static List<String> blocks() throws IOException {
        Path docs = Path.of("..", "docs");
        String pages = Files.readString(docs.resolve("guide.md"))
                + Files.readString(docs.resolve("discovery.md"))
                + Files.readString(docs.resolve("persistence.md"))
                + Files.readString(docs.resolve("clients.md"));
        return BLOCK.matcher(pages)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyBlockIsAnExamples(String block) throws IOException {
        assertThat(inOneLine(examples())).contains(inOneLine(block));
    }

    private static String examples() throws IOException {
        return javaIn(Path.of("src")) + javaIn(Path.of("clients"));
    }

    private static String javaIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(GuideTest::read)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", "");
    }
}
