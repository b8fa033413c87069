package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropInDocsTest {

    @Test
    void docsListTheDifferencesThatTheSuiteFinds() throws IOException {
        String docs = Files.readString(Path.of("..", "docs", "drop-in.md"));
        assertThat(section(docs, "## What is meant to differ")).isEqualTo(Behaviours.differences(true));
        assertThat(section(docs, "## What is open")).isEqualTo(Behaviours.differences(false));
    }

    /** From after its title and the line below it to the next. */
    private static String section(String docs, String title) {
        String text = docs.substring(docs.indexOf(title) + title.length());
        int end = text.indexOf("\n## ");
        return end < 0 ? text.substring(1) : text.substring(1, end);
    }

    @Test
    void everyBehaviourHasANameOfItsOwn() {
        List<String> names = Behaviours.ALL.stream().map(Behaviour::name).toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(100);
    }

    @Test
    void everyDifferenceIsAtAServerThatTheBehaviourIsSeenAt() {
        assertThat(Behaviours.ALL)
                .allSatisfy(behaviour -> assertThat(behaviour.differences())
                        .allSatisfy(
                                difference -> assertThat(behaviour.origins()).containsAll(difference.origins())));
    }
}
