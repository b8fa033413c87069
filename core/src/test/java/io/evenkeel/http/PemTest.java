package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    /** With lengths below zero as bytes, or beyond the end. */
    @ParameterizedTest
    @ValueSource(strings = {"a0ff06fd", "a00006fe", "a0020600", "a07f067d", "a0"})
    void aKeyWhoseCurveIsOfNoLengthIsNone(String content, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("key.pem");
        Files.writeString(
                file,
                "-----BEGIN EC PRIVATE KEY-----\n"
                        + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(content))
                        + "\n-----END EC PRIVATE KEY-----\n");
        assertThatIOException().isThrownBy(() -> Pem.key(file)).withMessageContaining("key.pem");
    }
}
