package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/haproxy.md names as shown by a test is: such a test exists. */
class HaProxyOnPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))\\.([a-z][A-Za-z0-9]*)`");

    static List<String> names() throws IOException {
        return NAME.matcher(Files.readString(ROOT.resolve("docs/haproxy.md")))
                .results()
                .map((MatchResult name) -> name.group(1) + " " + name.group(2))
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyTestOfThePageExists(String name) throws IOException {
        String[] words = name.split(" ", 2);
        assertThat(tests().getOrDefault(words[0] + ".java", "")).containsPattern("(void|>) " + words[1] + "[(]");
    }

    @Test
    void thePageNamesThem() throws IOException {
        assertThat(names()).hasSizeGreaterThan(100);
    }

    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().matches(".*/src/test/java/.*(Test|IT)[.]java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString(), HaProxyOnPageTest::read, String::concat));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
