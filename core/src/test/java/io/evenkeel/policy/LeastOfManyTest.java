package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static io.evenkeel.policy.FakeReplica.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeastOfManyTest extends PolicyContract {

    private int choices = 5;

    @Override
    Policy policy() {
        return Policy.leastRequest(choices);
    }

    /** Four comparisons: in flight and last started, of two. */
    @Override
    int mostLooks() {
        return 16;
    }

    private int next(Selector selector) {
        return selector.select(Call.any(), 0, random);
    }

    @Test
    void thereAreTwoToEightChoices() {
        assertThat(Policy.leastRequest(2)).isSameAs(Policy.leastRequest());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.leastRequest(1))
                .withMessage("choices is 1, but must be 2 to 8");
        assertThatIllegalArgumentException().isThrownBy(() -> Policy.leastRequest(9));
    }

    /** Of n replicas d are drawn, so the only idle one wins d / n of the calls; with repeats it would be fewer. */
    @ParameterizedTest
    @CsvSource({"3, 4", "3, 10", "5, 6", "5, 20", "8, 9", "8, 12", "8, 100"})
    void theChoicesAreDistinct(int choices, int size) {
        this.choices = choices;
        List<FakeReplica> fleet = fleet(size);
        fleet.forEach(replica -> replica.inFlight = 1);
        fleet.get(1).inFlight = 0;
        Selector selector = selector(fleet);
        int picks = 20_000;
        int won = 0;
        for (int i = 0; i < picks; i++) {
            won += next(selector) == 1 ? 1 : 0;
        }
        double share = (double) choices / size;
        // Five sigma; and 8 of 9 need 16.5 draws on average, so 32 are too few once in some hundred times.
        double slack = size == 9 ? 0.01 : size == choices + 1 ? 0.003 : 0;
        assertThat((double) won / picks).isCloseTo(share, within(5 * Math.sqrt(share * (1 - share) / picks) + slack));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 8})
    void ofAListNoLongerThanTheChoicesTheLeastWins(int choices) {
        this.choices = choices;
        List<FakeReplica> fleet = fleet(choices);
        for (int i = 0; i < choices; i++) {
            fleet.get(i).inFlight = i == 1 ? 1 : 2 + i;
        }
        Selector selector = selector(fleet);
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(selector)).isEqualTo(1);
        }
        Call call = Call.any().withTried(fleet.get(1).endpoint());
        for (int i = 0; i < 1_000; i++) {
            assertThat(selector.select(call, 0, random)).isEqualTo(0);
        }
    }

    @Test
    void theLoadIsComparedForItsWeight() {
        List<FakeReplica> fleet = weighted(1, 10, 1);
        fleet.get(0).inFlight = 1;
        fleet.get(1).inFlight = 9;
        fleet.get(2).inFlight = 3;
        Selector selector = selector(fleet);
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(selector)).isEqualTo(1);
        }
    }

    @Test
    void ofEqualsTheOneUsedLongestAgoWins() {
        List<FakeReplica> fleet = fleet(5);
        for (int i = 0; i < 5; i++) {
            fleet.get(i).lastStarted = i == 3 ? Long.MAX_VALUE : Long.MIN_VALUE + i;
        }
        Selector selector = selector(fleet);
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(selector)).isEqualTo(3);
        }
    }
}
