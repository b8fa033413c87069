package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.common.Web;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeRegistryTest {

    private final Scripted server = new Scripted();
    private long nowNanos;
    private final WholeRegistry question = new WholeRegistry("ORDERS", () -> nowNanos);

    @Test
    void itAsksForEverythingOnceAndThenForWhatHasChanged() throws Exception {
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        assertThat(ids(server)).containsExactly("a");

        server.delta = Says.everything("UP_2_", orders(Says.instance("b", "UP", "ADDED")));
        assertThat(ids(server)).containsExactlyInAnyOrder("a", "b");
        server.delta = Says.everything("UP_1_", orders(Says.instance("a", "UP", "DELETED")));
        assertThat(ids(server)).containsExactly("b");

        assertThat(server.asked).containsExactly("apps", "apps/delta", "apps/delta");
    }

    @Test
    void itAsksForEverythingAgainWhenTheCountsDisagree() throws Exception {
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        ids(server);

        server.delta = Says.everything("UP_2_");
        server.everything = Says.everything("UP_2_", orders(Says.instance("a", "UP"), Says.instance("b", "UP")));
        assertThat(ids(server)).containsExactlyInAnyOrder("a", "b");
        assertThat(ids(server)).containsExactlyInAnyOrder("a", "b");

        assertThat(server.asked).containsExactly("apps", "apps/delta", "apps", "apps/delta");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void itAsksForEverythingWhereDeltasAreSwitchedOff(int status) throws Exception {
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        server.deltaStatus = status;

        ids(server);
        assertThat(ids(server)).containsExactly("a");

        assertThat(server.asked).containsExactly("apps", "apps/delta", "apps");
    }

    @Test
    void itAsksAnotherServerForEverything() throws Exception {
        Scripted other = new Scripted();
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        other.everything = Says.everything("UP_1_", orders(Says.instance("b", "UP")));

        ids(server);
        assertThat(ids(other)).containsExactly("b");
        assertThat(ids(server)).containsExactly("a");

        assertThat(other.asked).containsExactly("apps");
        assertThat(server.asked).containsExactly("apps", "apps");
    }

    @Test
    void itAsksForEverythingAfterTrouble() throws Exception {
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        ids(server);

        server.delta = "garbage";
        assertThatThrownBy(() -> ids(server)).isInstanceOf(UnusableException.class);
        server.everything = Says.everything("UP_1_", orders(Says.instance("b", "UP")));
        assertThat(ids(server)).containsExactly("b");

        assertThat(server.asked).containsExactly("apps", "apps/delta", "apps");
    }

    @Test
    void itAsksForEverythingWhenADeltaMayNotReachBackFarEnough() throws Exception {
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        server.delta = Says.everything("UP_1_");
        ids(server);

        pass(Duration.ofSeconds(119));
        ids(server);
        pass(Duration.ofSeconds(121));
        ids(server);

        assertThat(server.asked).containsExactly("apps", "apps/delta", "apps");
    }

    @Test
    void itAsksForEverythingEveryTenMinutes() throws Exception {
        server.everything = Says.everything("UP_1_", orders(Says.instance("a", "UP")));
        server.delta = Says.everything("UP_1_");

        for (int second = 0; second <= 1_230; second += 30) {
            ids(server);
            pass(Duration.ofSeconds(30));
        }

        assertThat(server.asked).hasSize(42);
        assertThat(server.asked.stream().filter("apps"::equals)).hasSize(3);
        assertThat(List.of(server.asked.get(0), server.asked.get(20), server.asked.get(40)))
                .containsOnly("apps");
    }

    @Test
    void anApplicationThatNobodyKnowsHasNoInstances() throws Exception {
        server.everything = Says.everything("UP_1_", Says.application("STOCK", List.of(Says.instance("a", "UP"))));

        assertThat(question.ask(server)).isEmpty();
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    private List<String> ids(Scripted server) throws Exception {
        return question.ask(server).stream().map(Instance::id).toList();
    }

    private static String orders(String... instances) {
        return Says.application("ORDERS", List.of(instances));
    }

    /** Answers what the test says, and keeps what it was asked. */
    private static final class Scripted implements Server {

        private final List<String> asked = new ArrayList<>();
        private String everything = Says.everything("");
        private String delta = Says.everything("");
        private int deltaStatus = 200;

        @Override
        public Web.Answer get(String path) {
            asked.add(path);
            return path.equals("apps") ? Says.ok(everything) : Says.status(deltaStatus, delta);
        }
    }
}
