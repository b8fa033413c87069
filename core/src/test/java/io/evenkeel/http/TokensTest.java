package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokensTest {

    private static final SecretKey SECRET = secret("0123456789abcdef");

    private List<Endpoint> listed = endpoints(1, 5);
    private final Tokens tokens = new Tokens(SECRET, () -> listed);

    private static SecretKey secret(String text) {
        return new SecretKeySpec(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA256");
    }

    private static List<Endpoint> endpoints(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> Endpoint.of("http://10.0." + (i >> 8) + "." + (i & 255) + ":80"))
                .toList();
    }

    private static String id(int i) {
        return endpoints(i, i).getFirst().id();
    }

    private String token(int i) {
        return tokens.tokenOf(id(i)).orElseThrow();
    }

    @Test
    void aTokenNamesItsEndpoint() {
        for (int i = 1; i <= 5; i++) {
            assertThat(tokens.endpointOf(token(i))).contains(id(i));
            assertThat(tokens.isOurs(token(i))).isTrue();
        }
    }

    @Test
    void aTokenIsShortPlainAndTellsNothing() {
        assertThat(token(1)).matches("[A-Za-z0-9_-]{32}").doesNotContain("10");
    }

    /** So that a change of it, which would end all sessions, is seen. */
    @Test
    void aTokenIsTheSameInEveryVersion() {
        assertThat(token(1)).isEqualTo("Q5QKl_hcbqVJPfXlfJLfWheIokduEEeQ");
    }

    @Test
    void clientsWithTheSameSecretAgreeWhateverTheirListsAndItsOrder() {
        List<Endpoint> others = Stream.concat(endpoints(3, 40).stream(), endpoints(1, 1).stream())
                .map(endpoint -> endpoint.withWeight(7).withZone("eu-1a"))
                .toList();
        Tokens other = new Tokens(secret("0123456789abcdef"), () -> others);
        for (int i : new int[] {1, 3, 4, 5}) {
            assertThat(other.endpointOf(token(i))).contains(id(i));
            assertThat(other.tokenOf(id(i))).contains(token(i));
        }
        assertThat(other.endpointOf(token(2))).isEmpty();
    }

    @Test
    void clientsWithAnotherSecretDoNot() {
        Tokens other = new Tokens(secret("0123456789abcdeg"), () -> listed);
        for (int i = 1; i <= 5; i++) {
            assertThat(other.endpointOf(token(i))).isEmpty();
            assertThat(other.isOurs(token(i))).isFalse();
        }
    }

    @Test
    void aTokenOfOneThatIsNotListedIsOursAndNamesNobodyUntilItIsListedAgain() {
        String two = token(2);
        listed = endpoints(3, 5);
        assertThat(tokens.endpointOf(two)).isEmpty();
        assertThat(tokens.isOurs(two)).isTrue();
        assertThat(tokens.tokenOf(id(2))).isEmpty();
        listed = endpoints(1, 5);
        assertThat(tokens.endpointOf(two)).contains(id(2));
    }

    static Stream<String> forged() {
        Tokens tokens = new Tokens(SECRET, () -> endpoints(1, 5));
        String right = tokens.tokenOf(id(1)).orElseThrow();
        String other = tokens.tokenOf(id(2)).orElseThrow();
        return Stream.of(
                "",
                "x",
                "null",
                id(1),
                right.substring(1),
                right.substring(0, 31),
                right.substring(0, 16),
                right + "=",
                right + right,
                right.substring(0, 16) + other.substring(16),
                right.substring(16) + right.substring(0, 16),
                "\u0000".repeat(32),
                "\ud800".repeat(32),
                "=".repeat(32),
                "A".repeat(32),
                "A".repeat(1_000_000));
    }

    @ParameterizedTest
    @MethodSource
    void forged(String token) {
        assertThat(tokens.endpointOf(token)).isEmpty();
        assertThat(tokens.isOurs(token)).isFalse();
    }

    /** One letter of another case, or another letter, anywhere. */
    @Test
    void aTokenThatIsChangedInOnePlaceIsForged() {
        char[] right = token(1).toCharArray();
        for (int i = 0; i < right.length; i++) {
            char[] wrong = Arrays.copyOf(right, right.length);
            wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
            assertThat(tokens.endpointOf(new String(wrong))).isEmpty();
            assertThat(tokens.isOurs(new String(wrong))).as("place %d", i).isFalse();
        }
    }

    @Test
    void whatIsForgedIsNotKept() {
        SplittableRandom random = new SplittableRandom(11);
        AtomicInteger named = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            String token =
                    Long.toHexString(random.nextLong() | 1L << 63) + Long.toHexString(random.nextLong() | 1L << 63);
            tokens.endpointOf(token).ifPresent(id -> named.incrementAndGet());
        }
        assertThat(named).hasValue(0);
        assertThat(tokens.size()).isEqualTo(5);
    }

    @Test
    void asManyAreKnownAsAreListed() {
        for (int i = 1; i <= 1_000; i++) {
            listed = endpoints(i, i + 4);
            assertThat(tokens.tokenOf(id(i))).isPresent();
        }
        assertThat(tokens.size()).isEqualTo(5);
    }

    @Test
    void tokensOfManyEndpointsDiffer() {
        listed = endpoints(1, 10_000);
        Set<String> all = new HashSet<>();
        for (int i = 1; i <= 10_000; i++) {
            all.add(token(i));
        }
        assertThat(all).hasSize(10_000);
    }
}
