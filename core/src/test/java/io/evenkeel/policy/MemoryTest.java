package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTest {

    private final Memory memory = new Memory();

    private static Latency replica() {
        return new Latency(2);
    }

    private Latency remembered(double cost) {
        Latency replica = replica();
        memory.remember(replica, Memory.classOf(cost));
        return replica;
    }

    private int cheapest() {
        return Integer.numberOfTrailingZeros(memory.filled());
    }

    /** Four an octave, from 0.25 on: what is cheaper, and what is dearer than 64, is in the first and in the last. */
    @Test
    void fourClassesAreAnOctave() {
        for (double cost = 0.25; cost < 32; cost *= 1.1) {
            assertThat(Memory.classOf(2 * cost)).isEqualTo(Memory.classOf(cost) + 4);
        }
        assertThat(Memory.classOf(1)).isEqualTo(8);
        assertThat(Memory.classOf(1.26)).isEqualTo(9);
        assertThat(Memory.classOf(1e-9)).isZero();
        assertThat(Memory.classOf(1e300)).isEqualTo(31);
    }

    @Test
    void theCheapestComeFirst() {
        remembered(3);
        Latency cheap = remembered(1);
        remembered(2);
        assertThat(cheapest()).isEqualTo(Memory.classOf(1));
        assertThat(memory.newest(cheapest())).isSameAs(cheap);
    }

    @Test
    void ofAClassTheNewestComesFirst() {
        Latency older = remembered(1);
        Latency newer = remembered(1);
        assertThat(memory.newest(cheapest())).isSameAs(newer);
        memory.forget(newer);
        assertThat(memory.newest(cheapest())).isSameAs(older);
        memory.forget(older);
        assertThat(memory.newest(Memory.classOf(1))).isNull();
        assertThat(memory.filled()).isZero();
    }

    @Test
    void whoCostsSomethingElseIsInOneClassOnly() {
        Latency replica = remembered(1);
        memory.remember(replica, Memory.classOf(5));
        assertThat(memory.newest(Memory.classOf(1))).isNull();
        assertThat(memory.newest(Memory.classOf(5))).isSameAs(replica);
        assertThat(memory.holds(replica)).isTrue();
    }

    @Test
    void ofManyInAClassTheOldestAreForgotten() {
        Latency first = remembered(1);
        for (int i = 0; i < 20; i++) {
            remembered(1);
        }
        assertThat(memory.holds(first)).isFalse();
        int left = 0;
        for (Latency newest = memory.newest(8); newest != null; newest = memory.newest(8)) {
            memory.forget(newest);
            left++;
        }
        assertThat(left).isEqualTo(8);
    }

    @Test
    void whoWasNeverRememberedIsNotForgottenForAnother() {
        Latency replica = remembered(0.1);
        memory.forget(replica());
        assertThat(memory.holds(replica)).isTrue();
    }

    @Test
    void aClearedClassIsSeenNoMoreUntilOneIsRemembered() {
        Latency old = remembered(1);
        memory.clear(Memory.classOf(1));
        assertThat(memory.filled()).isZero();
        remembered(1);
        assertThat(memory.filled()).isNotZero();
        assertThat(memory.holds(old)).isTrue();
    }
}
