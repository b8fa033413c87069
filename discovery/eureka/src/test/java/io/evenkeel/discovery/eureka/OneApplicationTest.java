package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.discovery.common.UnusableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneApplicationTest {

    private final List<String> asked = new ArrayList<>();

    @Test
    void itAsksForTheApplicationAlone() throws Exception {
        String application = Says.application("ORDERS", List.of(Says.instance("a", "UP")));

        assertThat(new OneApplication("ORDERS").ask(server(200, "{\"application\": " + application + "}")))
                .extracting(Instance::id)
                .containsExactly("a");
        assertThat(asked).containsExactly("apps/ORDERS");
    }

    @Test
    void anyNameIsOneStepOfThePath() throws Exception {
        new OneApplication("A B/C?D+É").ask(server(404, ""));

        assertThat(asked).containsExactly("apps/A%20B%2FC%3FD%2B%C3%89");
    }

    @Test
    void anApplicationThatNobodyKnowsHasNoInstances() throws Exception {
        assertThat(new OneApplication("ORDERS").ask(server(404, "not even JSON")))
                .isEmpty();
    }

    @Test
    void anyOtherStatusIsTrouble() {
        assertThatThrownBy(() -> new OneApplication("ORDERS").ask(server(500, "")))
                .isInstanceOf(UnusableException.class)
                .hasMessage("answered with status 500");
    }

    private Server server(int status, String body) {
        return path -> {
            asked.add(path);
            return Says.status(status, body);
        };
    }
}
