package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.http.Affinity.Gone;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of affinity, each of which checks itself. */
class AffinityTest {

    private static final byte[] SECRET = "the secret of all clients".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @Test
    void defaultsAreAsStated() {
        assertThat(Affinity.header("X-User")).hasToString("Affinity[header X-User, hashed, gone=REBALANCE, bound=2.0]");
        assertThat(Affinity.key(request -> Optional.of("1")))
                .hasToString("Affinity[a key, hashed, gone=REBALANCE, bound=2.0]");
        assertThat(Affinity.cookie("SESSION"))
                .hasToString("Affinity[cookie SESSION, 100000 remembered for PT30M, gone=REBALANCE, bound=2.0]");
        assertThat(Affinity.token("lb", SECRET))
                .hasToString("Affinity[a token in cookie lb, gone=REBALANCE, bound=2.0]");
    }

    @Test
    void aCopyChangesOneThing() {
        Affinity affinity = Affinity.header("X-User")
                .withMemory(10, Duration.ofHours(1))
                .withGone(Gone.FAIL)
                .withBound(3);
        assertThat(affinity).hasToString("Affinity[header X-User, 10 remembered for PT1H, gone=FAIL, bound=3.0]");
        assertThat(affinity.withGone(Gone.REBALANCE).withBound(2).withoutMemory())
                .hasToString("Affinity[header X-User, hashed, gone=REBALANCE, bound=2.0]");
        assertThat(Affinity.cookie("USER").withoutMemory())
                .hasToString("Affinity[cookie USER, hashed, gone=REBALANCE, bound=2.0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "x:", "Host", "Connection"})
    void aHeaderThatNoRequestHasIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Affinity.header(name));
    }

    @Test
    void aCookieThatCannotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.cookie("a b"))
                .withMessageContaining("\"a b\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.token("a=b", SECRET))
                .withMessageContaining("\"a=b\"");
    }

    @Test
    void aShortSecretIsRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.token("lb", Arrays.copyOf(SECRET, 15)))
                .withMessage("the secret has 15 bytes, but must have at least 16");
        assertThat(Affinity.token("lb", SECRET)).asString().doesNotContain("secret of all");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.99, 0, -1, 1_001, Double.NaN, Double.POSITIVE_INFINITY})
    void aBoundOutOfRangeIsRefused(double bound) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.cookie("SESSION").withBound(bound))
                .withMessage("bound is " + bound + ", but must be 1 to 1000");
    }

    @Test
    void aMemoryOutOfRangeIsRefused() {
        Affinity affinity = Affinity.cookie("SESSION");
        for (int most : new int[] {0, -1, 10_000_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> affinity.withMemory(most, Duration.ofSeconds(1)))
                    .withMessage("most is " + most + ", but must be 1 to 10000000");
        }
        for (Duration idle : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> affinity.withMemory(1, idle))
                    .withMessageContaining("idle is " + idle);
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedWithTheWayOut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.header("X-User").withGone(Gone.FAIL))
                .withMessageContaining("gone is FAIL")
                .withMessageContaining("withMemory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.header("X-User").withBound(3))
                .withMessageContaining("bound 3.0")
                .withMessageContaining("withMemory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.token("lb", SECRET).withMemory(1, Duration.ofSeconds(1)))
                .withMessageContaining("needs no memory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Affinity.token("lb", SECRET).withoutMemory())
                .withMessageContaining("needs no memory");
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Affinity.key(null));
        assertThatNullPointerException()
                .isThrownBy(() -> Affinity.cookie("SESSION").withGone(null));
        assertThatNullPointerException()
                .isThrownBy(() -> BalancedHttpClient.builder().affinity(null));
    }
}
