package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HintsTest {

    private static final String NOW = "Fri, 27 Nov 2026 08:00:00 GMT";

    private static Optional<Duration> retryAfter(String value, String date) {
        return Hints.retryAfter(
                HttpHeaders.of(Map.of("Retry-After", List.of(value), "Date", List.of(date)), (name, text) -> true));
    }

    @Test
    void aNumberIsSeconds() {
        assertThat(retryAfter("0", NOW)).contains(Duration.ZERO);
        assertThat(retryAfter(" 120 ", NOW)).contains(Duration.ofMinutes(2));
        assertThat(retryAfter("999999999", NOW)).contains(Duration.ofSeconds(999_999_999));
    }

    /** Some say so with the largest number that they know. */
    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "9223372036854775807", "99999999999999999999"})
    void aNumberThatIsTooLongIsForEver(String value) {
        assertThat(retryAfter(value, NOW)).contains(Duration.ofSeconds(999_999_999));
    }

    @Test
    void aDateIsSeenFromThatOfTheAnswer() {
        assertThat(retryAfter("Fri, 27 Nov 2026 08:01:30 GMT", NOW)).contains(Duration.ofSeconds(90));
        assertThat(retryAfter("Fri, 27 Nov 2026 07:59:59 GMT", NOW)).isEmpty();
        assertThat(retryAfter("Fri, 27 Nov 2026 08:01:30 GMT", "yesterday")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.5", "soon", "١٢", "1 s", "Fri, 27 Nov", "2026-11-27T08:00:00Z"})
    void whatCannotBeReadIsNothing(String value) {
        assertThat(retryAfter(value, NOW)).isEmpty();
    }

    @Test
    void withoutTheHeaderThereIsNothing() {
        assertThat(Hints.retryAfter(HttpHeaders.of(Map.of(), (name, text) -> true)))
                .isEmpty();
    }
}
