package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Outcome;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabasesTest {

    @ParameterizedTest
    @CsvSource({
        "08001, FAILURE",
        "08006, FAILURE",
        "57P01, FAILURE",
        "57P03, FAILURE",
        "53300, OVERLOADED",
        "42601, SUCCESS",
        "23505, SUCCESS",
        "40001, SUCCESS",
        ", SUCCESS",
        "'', SUCCESS",
        "0, SUCCESS"
    })
    void theClassOfAStateIsItsOutcome(String state, Outcome outcome) {
        assertThat(Databases.outcome(new SQLException("", state))).isEqualTo(outcome);
    }

    @Test
    void otherErrorsMeanWhatTheyAlwaysDo() {
        assertThat(Databases.outcome(new IOException())).isEqualTo(Outcome.FAILURE);
        assertThat(Databases.outcome(new IllegalStateException())).isEqualTo(Outcome.IGNORED);
    }
}
