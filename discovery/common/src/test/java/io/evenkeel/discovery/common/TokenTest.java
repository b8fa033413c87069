package io.evenkeel.discovery.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    @TempDir
    private Path folder;

    @Test
    void aFileIsReadEachTimeAndWhiteSpaceAroundIsNoPartOfIt() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        Token token = Token.in(file);

        assertThat(token.get()).isEqualTo("first");
        Files.writeString(file, " second ");
        assertThat(token.get()).isEqualTo("second");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Path file = folder.resolve("token");

        assertThatThrownBy(Token.in(file)::get)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the token in " + file + " cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "se cret", "secret\nX-Other: 1", "sécret", "secret\u0000"})
    void whatIsNoTokenIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(Token.of(() -> text)::get)
                .isInstanceOf(IOException.class)
                .hasMessage("the token is blank, or has characters other than visible ones of ASCII");
    }
}
