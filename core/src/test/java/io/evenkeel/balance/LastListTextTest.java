package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a last list: what is written is read, and what was not written so is refused. */
class LastListTextTest {

    private static final LastList GOOD = new LastList(
            "orders",
            Instant.parse("2026-03-01T12:00:00.250Z"),
            new Lineup(
                    List.of(
                            Endpoint.of("http://10.0.0.1:8080")
                                    .withId("a")
                                    .withWeight(2)
                                    .withZone("eu-1a")
                                    .withTag("version", "2"),
                            Endpoint.of("https://b.example").withPriority(1)),
                    Map.of("a", absence(EndpointState.EJECTED, "failed in a row"))));

    private static Absence absence(EndpointState state, String reason) {
        return new Absence(
                state,
                reason,
                false,
                3,
                LastListText.nanos(Instant.parse("2026-03-01T11:59:58Z")),
                LastListText.nanos(Instant.parse("2026-03-01T12:00:07.5Z")));
    }

    private static String text(LastList list) {
        return new String(LastListText.of(list), StandardCharsets.UTF_8);
    }

    @Test
    void aPersonCanReadIt() {
        assertThat(text(GOOD)).startsWith("""
                        evenkeel-snapshot 1
                        balancer orders
                        as-of 2026-03-01T12:00:00.250Z
                        endpoint http://10.0.0.1:8080
                          id a
                          weight 2.0
                          zone eu-1a
                          priority 0
                          tag version 2
                          out EJECTED
                            reason failed in a row
                            unreachable false
                            doublings 3
                            since 2026-03-01T11:59:58Z
                            until 2026-03-01T12:00:07.500Z
                        endpoint https://b.example
                          id https://b.example:443
                          weight 1.0
                          priority 1
                        checksum \
                        """).matches("(?s).*\nchecksum [0-9a-f]{8}\n");
    }

    @Test
    void whateverIsLegalComesBackAsItWas() {
        RandomGenerator random = new SplittableRandom(Seeds.of(1));
        for (int i = 0; i < 500; i++) {
            LastList list = anyList(random);
            byte[] bytes = LastListText.of(list);
            assertThat(LastListText.read(bytes)).isEqualTo(list);
            assertThat(LastListText.of(LastListText.read(bytes))).isEqualTo(bytes);
        }
    }

    private static LastList anyList(RandomGenerator random) {
        List<Endpoint> endpoints = new ArrayList<>();
        Map<String, Absence> out = new HashMap<>();
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            Endpoint endpoint = anyEndpoint(random).withId(i + anyText(random));
            endpoints.add(endpoint);
            if (random.nextInt(3) == 0) {
                out.put(endpoint.id(), anyAbsence(random));
            }
        }
        Instant asOf = Instant.ofEpochSecond(random.nextLong(-9_000_000_000L, 9_000_000_000L), random.nextInt());
        return new LastList(anyText(random), asOf, new Lineup(endpoints, out));
    }

    private static Endpoint anyEndpoint(RandomGenerator random) {
        String[] uris = {"http://h", "HTTP://Host:81/", "grpc://[::1]:9", "http://[fe80::1%25eth0]:80", "a+b://x-y.z"};
        double[] weights = {0, 1, 0.1, Double.MIN_VALUE, 1_000_000, random.nextDouble()};
        Endpoint endpoint = Endpoint.of(uris[random.nextInt(uris.length)])
                .withWeight(weights[random.nextInt(weights.length)])
                .withPriority(random.nextInt(1_001));
        for (int i = random.nextInt(4); i > 0; i--) {
            endpoint = endpoint.withTag(anyText(random), anyText(random));
        }
        return random.nextBoolean() ? endpoint : endpoint.withZone("z" + anyText(random));
    }

    private static Absence anyAbsence(RandomGenerator random) {
        EndpointState[] states = EndpointState.values();
        return new Absence(
                states[random.nextInt(states.length)],
                anyText(random),
                random.nextBoolean(),
                random.nextInt(),
                random.nextLong(),
                random.nextLong());
    }

    /** Of all that lines, escapes and encodings may stumble over, half characters included; often empty. */
    private static String anyText(RandomGenerator random) {
        String[] odd = {
            " ",
            "\n",
            "\r",
            "\\",
            "\\u0041",
            "\0",
            "\u2028",
            "\ud83d",
            "\ude00",
            "\ud83d\ude00",
            "\uffff",
            "\ufeff",
            "é",
            "checksum ",
            "\n  id ",
            "=",
            "\t",
            "\u202e"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            if (random.nextBoolean()) {
                text.append(odd[random.nextInt(odd.length)]);
            } else {
                text.append((char) random.nextInt(0x10000));
            }
        }
        return text.toString();
    }

    @Test
    void whatIsCutOffIsRefusedWhereverThatIs() {
        byte[] good = LastListText.of(GOOD);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatIllegalArgumentException().isThrownBy(() -> LastListText.read(cut));
        }
    }

    @Test
    void anyBitThatIsAnotherIsNoticed() {
        byte[] good = LastListText.of(GOOD);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatIllegalArgumentException().isThrownBy(() -> LastListText.read(flipped));
        }
    }

    @Test
    void whatFollowsTheChecksumIsRefused() {
        byte[] good = LastListText.of(GOOD);
        for (byte more : new byte[] {0, ' ', '\n'}) {
            byte[] longer = Arrays.copyOf(good, good.length + 1);
            longer[good.length] = more;
            assertThatIllegalArgumentException().isThrownBy(() -> LastListText.read(longer));
        }
    }

    @Test
    void aNewerVersionIsNamed() {
        String newer = text(GOOD).replace("evenkeel-snapshot 1", "evenkeel-snapshot 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LastListText.read(newer.getBytes(StandardCharsets.UTF_8)))
                .withMessage("it is of version \"2\", and only version 1 is known here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\0", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "{}", "evenkeel-snapshot", "\n\n\n"})
    void whatIsNoSnapshotIsRefused(String garbage) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LastListText.read(garbage.getBytes(StandardCharsets.UTF_8)))
                .withMessage("it does not begin with \"evenkeel-snapshot 1\"");
    }

    @Test
    void anyBytesAreAListOrAreRefused() {
        SplittableRandom random = new SplittableRandom(Seeds.of(2));
        for (int i = 0; i < 500; i++) {
            byte[] any = new byte[random.nextInt(200)];
            random.nextBytes(any);
            assertThatIllegalArgumentException().isThrownBy(() -> LastListText.read(any));
        }
    }

    /** The checksum is right in these: somebody else wrote them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "  weight 2.0|  weight 1e999",
                "  weight 2.0|  weight -1",
                "  weight 2.0|  weight NaN",
                "  weight 2.0|  weight",
                "  priority 0|  priority 99999999999999999999",
                "  priority 0|  priority 1001",
                "    doublings 3|    doublings 4294967296",
                "    until 2026-|    until +999999999-",
                "    until 2026-|    until 9999-",
                "    since 2026-|    since yesterday-",
                "as-of 2026-|as-of -999999999-",
                "  out EJECTED|  out OUT",
                "    unreachable false|    unreachable no",
                "  tag version 2|  tag version",
                "  id a|  id  ",
                "  id a|  id https://b.example:443",
                "  id a|  id \\u00",
                "  id a|  id \\x0041",
                "  id a|  id \\u00zz",
                "  id a|  name a",
                "endpoint https://b.example|endpoint https://user:secret@b.example",
                "endpoint https://b.example|endpoint b.example",
                "balancer orders|",
            })
    void aFieldThatCannotBeIsRefusedAndNoSecretIsSaid(String good, String bad) {
        String body = text(GOOD).replaceFirst("checksum [0-9a-f]{8}\n$", "");
        assertThat(body).contains(good);
        byte[] other = LastListText.sealed(body.replace(good, bad == null ? "" : bad));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LastListText.read(other))
                .withMessageMatching("line \\d+.*")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evenkeel-snapshot 1\n",
                "evenkeel-snapshot 1\nbalancer orders\n",
                "evenkeel-snapshot 1\nbalancer orders\nas-of 2026-03-01T12:00:00Z\n",
                "evenkeel-snapshot 1\nbalancer orders\nas-of 2026-03-01T12:00:00Z\nendpoint http://a\n  id a\n  weight 1\n  priority 0",
                "evenkeel-snapshot 1\nbalancer orders\nas-of 2026-03-01T12:00:00Z\nendpoint http://a\n  id a\n  weight 1\n  priority 0\nmore"
            })
    void aTextThatEndsTooSoonIsRefusedAlthoughItsChecksumIsRight(String body) {
        assertThatIllegalArgumentException().isThrownBy(() -> LastListText.read(LastListText.sealed(body)));
    }

    @Test
    void whatIsNoUtf8IsRefused() {
        byte[] latin = text(GOOD).getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(latin, latin.length - "checksum 01234567\n".length());
        body[body.length - 2] = (byte) 0xE9;
        assertThatThrownBy(() -> LastListText.read(resealed(body)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it is no UTF-8");
    }

    private static byte[] resealed(byte[] body) {
        java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
        sum.update(body);
        byte[] seal = "checksum %08x\n".formatted(sum.getValue()).getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(body, body.length + seal.length);
        System.arraycopy(seal, 0, whole, body.length, seal.length);
        return whole;
    }
}
