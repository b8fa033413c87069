package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallTest {

    private static final Endpoint ONE = Endpoint.of("http://one");
    private static final Endpoint OTHER = Endpoint.of("http://other");

    @Test
    void ofAnyCallNothingIsKnown() {
        assertThat(Call.any().key()).isEmpty();
        assertThat(Call.any().deadline()).isEmpty();
        assertThat(Call.any().isIdempotent()).isFalse();
        assertThat(Call.any().triedAny()).isFalse();
        assertThat(Call.any().tried(ONE)).isFalse();
    }

    @Test
    void callsOfWhichNothingElseIsKnownAreShared() {
        assertThat(Call.any()).isSameAs(Call.any());
        assertThat(Call.any().idempotent()).isSameAs(Call.any().idempotent());
        assertThat(Call.any().idempotent().idempotent()).isSameAs(Call.any().idempotent());
        assertThat(Call.any().untried()).isSameAs(Call.any());
    }

    @Test
    void aCopyKeepsWhatWasKnown() {
        Call call = Call.any()
                .withTried(ONE)
                .withKey("user-42")
                .idempotent()
                .withDeadline(Duration.ofMillis(300))
                .withTried(OTHER);
        assertThat(call.key()).contains("user-42");
        assertThat(call.deadline()).contains(Duration.ofMillis(300));
        assertThat(call.isIdempotent()).isTrue();
        assertThat(call.tried(ONE)).isTrue();
        assertThat(call.tried(OTHER)).isTrue();
        Call untried = call.untried();
        assertThat(untried.triedAny()).isFalse();
        assertThat(untried.key()).contains("user-42");
        assertThat(untried.deadline()).contains(Duration.ofMillis(300));
        assertThat(untried.isIdempotent()).isTrue();
    }

    @Test
    void thatAllEndpointsWillDoIsKeptToo() {
        Call call = Call.any()
                .orElseAll()
                .withTag("version", "2")
                .withKey("a")
                .idempotent()
                .withTried(ONE)
                .withPriority(1);
        assertThat(call.withDeadline(Duration.ofSeconds(1)).untried().isElseAll())
                .isTrue();
        assertThat(call)
                .hasToString(
                        "Call[with key, tags={version=2} or all, deadline=none, idempotent=true, priority=1, tried=[http://one:80]]");
        assertThat(Call.any().withTag("version", "2").isElseAll()).isFalse();
    }

    @Test
    void aCopyLeavesTheCallAsItWas() {
        Call tried = Call.any().withTried(ONE);
        tried.withTried(OTHER);
        assertThat(tried.tried(OTHER)).isFalse();
        assertThat(Call.any().triedAny()).isFalse();
    }

    @Test
    void whatWasTriedIsKnownByItsId() {
        Call call = Call.any().withTried(ONE.withWeight(3));
        assertThat(call.tried(ONE)).isTrue();
        assertThat(call.tried(ONE.withId("another"))).isFalse();
        assertThat(call.tried(OTHER.withId(ONE.id()))).isTrue();
    }

    @Test
    void aZoneWasTriedIfAnyOfItsEndpointsWas() {
        Call call = Call.any().withTried(ONE.withZone("eu-1a")).withTried(OTHER);
        assertThat(call.triedZoneOf(OTHER.withZone("eu-1a"))).isTrue();
        assertThat(call.triedZoneOf(OTHER.withZone("eu-1b"))).isFalse();
        assertThat(call.triedZoneOf(OTHER)).isFalse();
    }

    @Test
    void theKeyIsNeverShown() {
        Call call = Call.any().withKey("s3cret").withTried(ONE).idempotent();
        assertThat(call).asString().doesNotContain("s3cret").contains("with key", "idempotent=true", ONE.id());
        assertThat(Call.any()).asString().contains("no key", "deadline=none", "idempotent=false");
    }

    @Test
    void aCallMayAskForAnEndpoint() {
        assertThat(Call.any().endpoint()).isEmpty();
        assertThat(Call.any().isOnlyThere()).isFalse();
        Call preferring = Call.any().withEndpoint("a", 1.5).idempotent().withTried(ONE);
        assertThat(preferring.endpoint()).contains("a");
        assertThat(preferring.bound()).isEqualTo(1.5);
        assertThat(preferring.isOnlyThere()).isFalse();
        Call only = preferring
                .withOnlyEndpoint("b")
                .withKey("k")
                .withTag("version", "2")
                .withPriority(3)
                .untried();
        assertThat(only.endpoint()).contains("b");
        assertThat(only.isOnlyThere()).isTrue();
        assertThat(only.withEndpoint("c", 2).isOnlyThere()).isFalse();
        assertThat(only).asString().contains("only endpoint b");
        assertThat(preferring).asString().contains(", endpoint a");
    }

    @Test
    void aBoundIsInRangeOrRefused() {
        for (double bound : new double[] {0.9, -1, 1_001, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Call.any().withEndpoint("a", bound))
                    .withMessageContaining("bound is " + bound + ", but must be 1.0 to 1000.0");
        }
    }

    @Test
    void anEmptyKeyIsAKey() {
        assertThat(Call.any().withKey("").key()).contains("");
    }

    @Test
    void aDeadlineMustBeLongerThanZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Call.any().withDeadline(Duration.ZERO))
                .withMessageContaining("deadline is PT0S")
                .withMessageContaining("longer than zero");
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Call.any().withKey(null));
        assertThatNullPointerException().isThrownBy(() -> Call.any().withEndpoint(null, 2));
        assertThatNullPointerException().isThrownBy(() -> Call.any().withOnlyEndpoint(null));
        assertThatNullPointerException().isThrownBy(() -> Call.any().withDeadline(null));
        assertThatNullPointerException().isThrownBy(() -> Call.any().withTried(null));
    }
}
