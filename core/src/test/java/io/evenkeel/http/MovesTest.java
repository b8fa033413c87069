package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.VirtualTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MovesTest {

    private final VirtualTime time = new VirtualTime();
    private final Set<InetAddress> addresses = new LinkedHashSet<>();
    private boolean unknown;
    private int looks;

    private final Moves moves = new Moves(time, Runnable::run, host -> {
        looks++;
        if (unknown) {
            throw new UnknownHostException(host);
        }
        return Set.copyOf(addresses);
    });

    private void at(int... lastBytes) throws UnknownHostException {
        addresses.clear();
        for (int last : lastBytes) {
            addresses.add(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last}));
        }
    }

    private int later() {
        time.advance(Duration.ofSeconds(30));
        moves.of("orders"); // looks
        return moves.of("orders");
    }

    @Test
    void hostThatStaysHasNotMoved() throws Exception {
        at(1, 2);
        assertThat(later()).isZero();
        assertThat(later()).isZero();
    }

    @Test
    void hostOfWhichAnAddressIsLeftHasNotMoved() throws Exception {
        at(1, 2);
        assertThat(later()).isZero();
        at(2, 3);
        assertThat(later()).isZero();
    }

    @Test
    void hostWithNoneOfItsAddressesHasMovedIfTwoLooksAgree() throws Exception {
        at(1, 2);
        later();
        at(3, 4);
        assertThat(later()).isZero();
        at(4, 5);
        assertThat(later()).isEqualTo(1);
        assertThat(later()).isEqualTo(1);
        at(1);
        assertThat(later()).isEqualTo(1);
        assertThat(later()).isEqualTo(2);
    }

    @Test
    void hostThatGivesOtherAddressesEachTimeHasNotMoved() throws Exception {
        for (int i = 0; i < 100; i++) {
            at(i % 3);
            assertThat(later()).isZero();
        }
        for (int i = 0; i < 100; i++) {
            at(i % 2);
            assertThat(later()).isZero();
        }
    }

    private int later(String host) {
        time.advance(Duration.ofSeconds(30));
        moves.of(host); // looks
        return moves.of(host);
    }

    private int move(String host, int from, int to) throws UnknownHostException {
        at(from);
        later(host);
        at(to);
        later(host);
        return later(host);
    }

    @Test
    void hostsThatMoveOneAfterAnotherShareAGeneration() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(move("pod-" + i, 1, 2)).isEqualTo(1);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(move("pod-" + i, 2, 3)).isEqualTo(2);
        }
    }

    @Test
    void fewGenerationsAreInUseHoweverOftenAHostMoves() throws Exception {
        assertThat(move("seldom", 1, 2)).isEqualTo(1);
        for (int i = 1; i <= 100; i++) {
            assertThat(move("often", i, i + 1)).isEqualTo(i);
        }
        assertThat(later("seldom")).isEqualTo(100 - Moves.MOST_GENERATIONS + 1);
    }

    @Test
    void nameThatIsGoneForAWhileHasNotMoved() throws Exception {
        at(1);
        later();
        unknown = true;
        assertThat(later()).isZero();
        unknown = false;
        assertThat(later()).isZero();
        at(2);
        later();
        assertThat(later()).isEqualTo(1);
    }

    @Test
    void hostIsLookedAtOnceInThirtySecondsHoweverManyCallsThereAre() throws Exception {
        at(1);
        for (int i = 0; i < 1_000; i++) {
            moves.of("orders");
        }
        assertThat(looks).isEqualTo(1);
        time.advance(Duration.ofSeconds(29));
        moves.of("orders");
        assertThat(looks).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        moves.of("orders");
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void hostsAreKnownByName() throws Exception {
        at(1);
        later();
        at(2);
        later();
        later();
        assertThat(moves.of("users")).isZero();
    }

    @Test
    void hostsThatAreNotAskedForAnyMoreKeepNobodyFromBeingNoticed() throws Exception {
        at(1);
        for (int i = 0; i < Moves.MOST; i++) {
            moves.of("once-" + i);
        }
        time.advance(Duration.ofMinutes(10));
        assertThat(move("late", 1, 2)).isEqualTo(1);
    }
}
