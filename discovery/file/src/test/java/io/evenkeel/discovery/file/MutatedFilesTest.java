package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch of a file that is damaged in thousands of seeded ways. */
class MutatedFilesTest {

    private static final int ROUNDS = 1_000;
    private static final String GOOD = """
            {"endpoints": [
              {"uri": "http://10.0.0.1:8080", "id": "a", "weight": 2.5, "zone": "zürich", "priority": 0},
              {"uri": "http://10.0.0.2:8080", "tags": {"version": "2", "canary": false, "😀": "\\u00e9\\n"}},
              "http://10.0.0.3:8080"
            ]}""";
    private static final byte[] BYTES = GOOD.getBytes(StandardCharsets.UTF_8);
    private static final String TELLING = "[]{}\",:\\u0-+.eE1 \n\u0000\uFEFF";

    @TempDir
    private Path folder;

    private final Random random = new Random(20_261_122);
    private final HandDrivenScheduler scheduler = new HandDrivenScheduler();
    private final Heard heard = new Heard();
    private Path file;
    private List<Endpoint> whole;

    @BeforeEach
    void watchTheGoodFile() {
        file = folder.resolve("orders.json");
        TempFiles.write(file, GOOD);
        FileEndpoints.at(file).withScheduler(scheduler).watch(heard);
        whole = heard.current();
        assertThat(whole).hasSize(3);
    }

    @Test
    void noPartOfAListIsEverPublished() throws IOException {
        for (int length = 0; length < BYTES.length; length++) {
            Files.write(file, Arrays.copyOf(BYTES, length));
            scheduler.advance(Duration.ofMillis(500));
        }

        assertThat(heard.lists()).containsExactly(whole);
        assertThat(heard.troubles()).isNotEmpty();
    }

    @Test
    void noDamageEndsTheWatchOrGoesUnreported() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = damage(BYTES);
            int troubles = heard.troubles().size();
            Files.write(file, damaged);
            scheduler.advance(Duration.ofMillis(500));

            Optional<EndpointList> expected = parse(damaged);
            if (expected.isPresent()) {
                assertThat(heard.current()).isEqualTo(expected.get().endpoints());
            } else {
                assertThat(heard.current()).isEqualTo(whole);
                assertThat(heard.troubles()).hasSize(troubles + 1);
            }
            Files.write(file, BYTES);
            scheduler.advance(Duration.ofMillis(500));
            assertThat(heard.current()).isEqualTo(whole);
        }
        assertThat(scheduler.waiting()).isEqualTo(1);
    }

    private static Optional<EndpointList> parse(byte[] content) {
        try {
            return Optional.of(EndpointList.ofJson(content));
        } catch (UnusableException e) {
            return Optional.empty();
        }
    }

    private byte[] damage(byte[] good) {
        byte[] damaged = good;
        for (int times = random.nextInt(1, 4); times > 0; times--) {
            damaged = damageOnce(damaged);
        }
        return damaged;
    }

    private byte[] damageOnce(byte[] good) {
        int from = random.nextInt(good.length + 1);
        int to = random.nextInt(from, Math.min(good.length, from + 20) + 1);
        return switch (random.nextInt(4)) {
            case 0 -> replace(good, from, to, new byte[0]);
            case 1 -> replace(good, from, from, Arrays.copyOfRange(good, from, to));
            case 2 -> replace(good, from, Math.min(from + 1, good.length), new byte[] {(byte) random.nextInt()});
            default -> replace(good, from, from, telling());
        };
    }

    private byte[] telling() {
        int at = random.nextInt(TELLING.length());
        return TELLING.substring(at, at + 1).repeat(random.nextInt(1, 100)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
        byte[] result = new byte[from + by.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
        return result;
    }
}
