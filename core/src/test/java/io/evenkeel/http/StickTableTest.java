package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.VirtualTime;
import io.evenkeel.http.StickTable.Slot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StickTableTest {

    private static final Duration IDLE = Duration.ofMinutes(30);

    private final VirtualTime time = new VirtualTime();
    private final StickTable table = new StickTable(1_000, IDLE, time);

    private static Slot slot(String key) {
        return Slot.of("orders", key);
    }

    @Test
    void aKeyIsRememberedUntilItIsForgotten() {
        assertThat(table.get(slot("s1"))).isEmpty();
        table.put(slot("s1"), "a");
        assertThat(table.get(slot("s1"))).contains("a");
        table.put(slot("s1"), "b");
        assertThat(table.get(slot("s1"))).contains("b");
        table.forget(slot("s1"));
        assertThat(table.get(slot("s1"))).isEmpty();
    }

    @Test
    void theFirstToLearnAKeyAndTheFirstToFindItGoneCount() {
        table.putIfAbsent(slot("s1"), "a");
        table.putIfAbsent(slot("s1"), "b");
        assertThat(table.get(slot("s1"))).contains("a");
        table.replace(slot("s1"), "a", "c");
        table.replace(slot("s1"), "a", "d");
        assertThat(table.get(slot("s1"))).contains("c");
        table.replace(slot("unknown"), "a", "d");
        assertThat(table.get(slot("unknown"))).isEmpty();
    }

    @Test
    void theSameKeyOfAnotherBalancerIsAnother() {
        table.put(Slot.of("orders", "s1"), "a");
        assertThat(table.get(Slot.of("users", "s1"))).isEmpty();
        assertThat(Slot.of("ab", "c")).isNotEqualTo(Slot.of("a", "bc"));
    }

    @Test
    void aKeyThatIsNotUsedForLongIsForgotten() {
        table.put(slot("s1"), "a");
        for (int i = 0; i < 10; i++) {
            time.advance(IDLE.minusSeconds(1));
            assertThat(table.get(slot("s1"))).contains("a");
        }
        time.advance(IDLE.plusSeconds(1));
        assertThat(table.get(slot("s1"))).isEmpty();
        assertThat(table.size()).isZero();
    }

    @Test
    void tenThousandKeysASecondDoNotMakeItLargerNorWashAwayThoseInUse() {
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 10_000; i++) {
                table.putIfAbsent(slot("flood-" + second + "-" + i), "a");
                if (i % 100 == 0) {
                    Slot used = slot("user-" + i / 100);
                    if (table.get(used).isEmpty()) {
                        table.putIfAbsent(used, "b");
                    }
                }
            }
            time.advance(Duration.ofSeconds(1));
            assertThat(table.size()).isLessThanOrEqualTo(1_000);
        }
        int kept = 0;
        for (int i = 0; i < 100; i++) {
            kept += table.get(slot("user-" + i)).isPresent() ? 1 : 0;
        }
        assertThat(kept).isGreaterThanOrEqualTo(90);
    }

    @Test
    void aKeyTakesAsMuchRoomHoweverLongItIs() {
        Slot slot = slot("k".repeat(1_000_000));
        table.put(slot, "a");
        assertThat(table.get(slot("k".repeat(1_000_000)))).contains("a");
        assertThat(table.get(slot("k".repeat(999_999)))).isEmpty();
        assertThat(slot).asString().doesNotContain("kk");
    }
}
