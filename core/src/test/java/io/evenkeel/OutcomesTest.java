package io.evenkeel;

import static io.evenkeel.Outcome.FAILURE;
import static io.evenkeel.Outcome.IGNORED;
import static io.evenkeel.Outcome.OVERLOADED;
import static io.evenkeel.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomesTest {

    private static final Outcomes DEFAULTS = Outcomes.defaults();

    @Test
    void aStatusSaysWhetherTheReplicaIsWell() {
        Map<Integer, Outcome> special =
                Map.of(408, FAILURE, 429, OVERLOADED, 500, FAILURE, 502, FAILURE, 503, OVERLOADED, 504, FAILURE);
        for (int status = 100; status < 600; status++) {
            assertThat(DEFAULTS.ofStatus().apply(status))
                    .as("outcome of %d", status)
                    .isEqualTo(special.getOrDefault(status, SUCCESS));
        }
    }

    static List<Throwable> failures() {
        return List.of(
                new IOException(),
                new EOFException(),
                new ConnectException(),
                new SocketTimeoutException(),
                new HttpTimeoutException("request timed out"),
                new ClosedChannelException(),
                new UncheckedIOException(new IOException()),
                new CompletionException(new ExecutionException(new IOException())),
                new RuntimeException(new IOException()));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anErrorOfInputOrOutputIsAFailure(Throwable error) {
        assertThat(DEFAULTS.ofError().apply(error)).isEqualTo(FAILURE);
    }

    static List<Throwable> ignored() {
        return List.of(
                new RuntimeException(),
                new IllegalStateException("a bug of the caller's"),
                new AssertionError(),
                new StackOverflowError(),
                new InterruptedException(),
                new CancellationException(),
                new ClosedByInterruptException(),
                new CompletionException(new CancellationException()));
    }

    @ParameterizedTest
    @MethodSource("ignored")
    void anyOtherErrorSaysNothing(Throwable error) {
        assertThat(DEFAULTS.ofError().apply(error)).isEqualTo(IGNORED);
    }

    static List<Throwable> interrupts() {
        return List.of(
                new ClosedByInterruptException(),
                new IOException(new ClosedByInterruptException()),
                new IOException(new InterruptedException()),
                new UncheckedIOException(new ClosedByInterruptException()));
    }

    @ParameterizedTest
    @MethodSource("interrupts")
    void anErrorThatOnlyTellsOfAnInterruptSaysNothing(Throwable error) {
        assertThat(DEFAULTS.ofError().apply(error)).isEqualTo(IGNORED);
    }

    @Test
    void causesThatGoInACircleEnd() {
        Exception one = new Exception();
        Exception other = new Exception(one);
        one.initCause(other);
        assertThat(DEFAULTS.ofError().apply(one)).isEqualTo(IGNORED);
    }

    @Test
    void oneStatusCanMeanSomethingElse() {
        Outcomes outcomes =
                DEFAULTS.withStatus(500, SUCCESS).withStatus(404, FAILURE).withStatus(500, IGNORED);
        assertThat(outcomes.ofStatus().apply(500)).isEqualTo(IGNORED);
        assertThat(outcomes.ofStatus().apply(404)).isEqualTo(FAILURE);
        assertThat(outcomes.ofStatus().apply(502)).isEqualTo(FAILURE);
        assertThat(outcomes.ofStatus().apply(200)).isEqualTo(SUCCESS);
        assertThat(DEFAULTS.ofStatus().apply(404)).isEqualTo(SUCCESS);
    }

    @Test
    void allOfThemCanMeanSomethingElse() {
        Outcomes outcomes = DEFAULTS.withStatuses(status -> OVERLOADED).withErrors(error -> SUCCESS);
        assertThat(outcomes.ofStatus().apply(200)).isEqualTo(OVERLOADED);
        assertThat(outcomes.ofError().apply(new IOException())).isEqualTo(SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 600, 0, -1, Integer.MAX_VALUE})
    void aStatusOutOfRangeIsRefused(int status) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withStatus(status, SUCCESS))
                .withMessage("status is " + status + ", but must be 100 to 599");
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withStatus(200, null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withStatuses(null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withErrors(null));
        assertThatNullPointerException().isThrownBy(() -> new Outcomes(null, DEFAULTS.ofError()));
        assertThatNullPointerException().isThrownBy(() -> new Outcomes(DEFAULTS.ofStatus(), null));
    }
}
