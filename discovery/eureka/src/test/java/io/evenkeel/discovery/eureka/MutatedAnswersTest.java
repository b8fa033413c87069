package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MutatedAnswersTest {

    private static final String GOOD = Says.everything(
            "UP_2_",
            Says.application("ORDERS", List.of(Says.instance("a", "UP"), Says.instance("b", "DOWN"))),
            Says.application("STOCK", List.of(Says.instance("a", "UP"))));
    private static final String CHARACTERS = "{}[]\":,0a$@ \\\u00fc\u0000";

    @Test
    void anyAnswerIsReadOrRefusedAndNeverAnotherException() {
        Random random = new Random(11);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutate(text, random);
            }
            try {
                Registry registry = new Registry("ORDERS");
                registry.replace(Answers.everything(Says.ok(text.toString())));
                new InstanceList(random.nextBoolean()).endpoints(registry.instances());
                read++;
            } catch (UnusableException e) {
                assertThat(e.reason()).hasSizeLessThan(1_000).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(read).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
    }

    private static void mutate(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.setCharAt(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            default -> text.insert(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
    }
}
