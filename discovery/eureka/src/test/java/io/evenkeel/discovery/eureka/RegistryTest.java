package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private final Registry registry = new Registry("ORDERS");

    @BeforeEach
    void learnEverything() throws UnusableException {
        registry.replace(everything(
                "DOWN_1_UP_2_",
                orders(Says.instance("a", "UP"), Says.instance("b", "DOWN")),
                stock(Says.instance("a", "UP"))));
    }

    @Test
    void itCountsAllApplicationsAndHandsOutOurs() {
        assertThat(registry.count()).isEqualTo("DOWN_1_UP_2_");
        assertThat(told()).containsExactlyInAnyOrder("a UP", "b DOWN");
    }

    @Test
    void additionsChangesAndDeletionsAreApplied() throws UnusableException {
        boolean agrees = registry.apply(everything(
                "OUT_OF_SERVICE_1_UP_2_",
                orders(
                        Says.instance("c", "UP", "ADDED"),
                        Says.instance("b", "OUT_OF_SERVICE", "MODIFIED"),
                        Says.instance("a", "UP", "DELETED"))));

        assertThat(agrees).isTrue();
        assertThat(told()).containsExactlyInAnyOrder("b OUT_OF_SERVICE", "c UP");
    }

    @Test
    void theSameDeltaAgainChangesNothing() throws UnusableException {
        Answers.Everything delta = everything(
                "DOWN_1_UP_2_", orders(Says.instance("a", "UP", "DELETED"), Says.instance("c", "UP", "ADDED")));

        assertThat(registry.apply(delta)).isTrue();
        assertThat(registry.apply(delta)).isTrue();
        assertThat(told()).containsExactlyInAnyOrder("b DOWN", "c UP");
    }

    @Test
    void theDeletionOfWhoIsNotThereChangesNothing() throws UnusableException {
        assertThat(registry.apply(everything("DOWN_1_UP_2_", orders(Says.instance("x", "UP", "DELETED")))))
                .isTrue();
        assertThat(told()).containsExactlyInAnyOrder("a UP", "b DOWN");
    }

    @Test
    void changesOfOthersWithTheSameIdLeaveOursAloneButCount() throws UnusableException {
        assertThat(registry.apply(everything("DOWN_1_UP_1_", stock(Says.instance("a", "UP", "DELETED")))))
                .isTrue();
        assertThat(told()).containsExactlyInAnyOrder("a UP", "b DOWN");
    }

    @Test
    void aCountThatDisagreesIsNoticed() throws UnusableException {
        assertThat(registry.apply(everything("DOWN_1_UP_3_", orders(Says.instance("b", "DOWN", "MODIFIED")))))
                .isFalse();
        assertThat(registry.apply(everything(""))).isFalse();
    }

    @Test
    void everythingAgainForgetsWhatWasThere() throws UnusableException {
        registry.replace(everything("UP_1_", orders(Says.instance("c", "UP"))));

        assertThat(registry.count()).isEqualTo("UP_1_");
        assertThat(told()).containsExactly("c UP");
    }

    @Test
    void whatOthersSayIsNotKept() throws UnusableException {
        Answers.Everything all = everything("", stock(Says.instance("a", "UP")));

        assertThat(all.instances().getFirst().bare().fields()).isEmpty();
        registry.replace(all);
        assertThat(registry.instances()).isEmpty();
        assertThat(registry.count()).isEqualTo("UP_1_");
    }

    private List<String> told() {
        return registry.instances().stream()
                .map(each -> each.fields().get("hostName") + " " + each.status())
                .toList();
    }

    private static String orders(String... instances) {
        return Says.application("ORDERS", List.of(instances));
    }

    private static String stock(String... instances) {
        return Says.application("STOCK", List.of(instances));
    }

    private static Answers.Everything everything(String count, String... applications) throws UnusableException {
        return Answers.everything(Says.ok(Says.everything(count, applications)));
    }
}
