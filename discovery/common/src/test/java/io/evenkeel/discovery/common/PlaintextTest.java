package io.evenkeel.discovery.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.discovery.SourceUri;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaintextTest {

    @ParameterizedTest
    @CsvSource({
        "a://b, 127.0.0.1:2379, true",
        "a://b, 127.1.2.3, true",
        "a://b, localhost:8761, true",
        "a://b, LOCALHOST, true",
        "a://b, [::1]:8500, true",
        "a://b, 10.0.0.1:2379, false",
        "a://b, 127.0.0.1.example:2379, false",
        "a://b, localhost.example, false",
        "a://b?plaintext=true, 10.0.0.1:2379, true",
        "a://b?plaintext=false, 127.0.0.1:2379, false"
    })
    void tlsIsDoneWithoutOnThisMachineAndWhereThatIsWanted(String uri, String server, boolean plaintext) {
        assertThat(Plaintext.isWanted(new SourceUri(uri), List.of(server))).isEqualTo(plaintext);
    }

    @Test
    void oneServerElsewhereIsEnoughForTls() {
        assertThat(Plaintext.isWanted(new SourceUri("a://b"), List.of("127.0.0.1:1", "10.0.0.1:1")))
                .isFalse();
    }

    @Test
    void whatIsNeitherTrueNorFalseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plaintext.isWanted(new SourceUri("a://b?plaintext=yes"), List.of("c")))
                .withMessageContaining("plaintext is yes, but must be true or false");
    }
}
