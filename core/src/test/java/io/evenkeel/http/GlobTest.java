package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    private static boolean matches(String glob, String path) {
        return Glob.path(glob).matches(PathText.compared(path), 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/, ''",
        "/**, /",
        "/**, ''",
        "/**, /a/b/c",
        "/v2, /v2",
        "/v2/items, /v2/items",
        "/v2/, /v2/",
        "/v2/**, /v2",
        "/v2/**, /v2/",
        "/v2/**, /v2/items",
        "/v2/**, /v2/items/",
        "/v2/**, /v2/items/7/parts",
        "/v2*, /v2",
        "/v2*, /v2x",
        "/v2*/**, /v2x/a/b",
        "/*, /",
        "/*, /a",
        "/items/*, /items/7",
        "/items/*, /items/",
        "/items/*/parts, /items/7/parts",
        "/a*c, /ac",
        "/a*c, /abc",
        "/a*c, /abcbc",
        "/a*b*c, /axxbxxbxc",
        "/*.json, /list.json",
        "/**/parts, /parts",
        "/**/parts, /items/7/parts",
        "/**/*.json, /a/b/c.json",
        "/a/**/b/**/c, /a/b/c",
        "/a/**/b/**/c, /a/x/b/b/y/c/c",
        "/**/a/b, /a/a/a/b",
        "/a b, /a%20b",
        "/a%20b, /a%20b",
        "/%C3%A4, /ä",
        "/ä, /%c3%a4",
        "/%2A, /*",
        "/%2A, /%2a",
        "/100%25, /100%25",
        "/a%2Fb, /a%2fb",
        "/a+b, /a+b",
        "/a+b, /a%2Bb"
    })
    void itMatches(String glob, String path) {
        assertThat(matches(glob, path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /a",
        "/v2, /v2/",
        "/v2, /V2",
        "/v2, /v22",
        "/v2, /v2/items",
        "/v2/, /v2",
        "/v2/**, /v22",
        "/v2/**, /v2x/items",
        "/v2/**, /",
        "/v2/**, /a/v2/items",
        "/v2*, /v2/items",
        "/*, /a/b",
        "/*, /a/",
        "/items/*, /items",
        "/items/*, /items/7/parts",
        "/a*c, /abcd",
        "/a*ca, /aca/",
        "/aba*aba, /ababa",
        "/ab*ba, /aba",
        "/**/parts, /parts/7",
        "/**/parts, /items/xparts",
        "/a/**/b/**/c, /a/c/b",
        "/a/**/b/**/b, /a/b",
        "/a%2Fb, /a/b",
        "/a/b, /a%2Fb",
        "/a/*, /a%2Fb",
        "/%2A, /a"
    })
    void itDoesNotMatch(String glob, String path) {
        assertThat(matches(glob, path)).isFalse();
    }

    /** Star and segment by definition, in the number of ways there are. */
    private static boolean byDefinition(List<String> glob, List<String> path) {
        if (glob.isEmpty()) {
            return path.isEmpty();
        }
        List<String> rest = glob.subList(1, glob.size());
        if (glob.get(0).equals("**")) {
            return byDefinition(rest, path) || (!path.isEmpty() && byDefinition(glob, path.subList(1, path.size())));
        }
        return !path.isEmpty()
                && byDefinition(glob.get(0), path.get(0))
                && byDefinition(rest, path.subList(1, path.size()));
    }

    private static boolean byDefinition(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        if (pattern.charAt(0) == '*') {
            return byDefinition(pattern.substring(1), text)
                    || (!text.isEmpty() && byDefinition(pattern, text.substring(1)));
        }
        return !text.isEmpty()
                && pattern.charAt(0) == text.charAt(0)
                && byDefinition(pattern.substring(1), text.substring(1));
    }

    private static String text(Random random, String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(most + 1); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String segments(Random random, String alphabet, boolean stars) {
        StringBuilder all = new StringBuilder();
        int last = random.nextInt(5);
        for (int i = 0; i <= last; i++) {
            String segment = text(random, alphabet, 4);
            boolean empty = segment.isEmpty() && i < last; // which is not compared
            boolean whole = stars && random.nextInt(3) == 0;
            all.append('/').append(whole ? "**" : empty ? "a" : segment.replaceAll("[*]+", "*"));
        }
        return all.toString();
    }

    private static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    @Test
    void anyGlobMatchesWhatItDoesByDefinition() {
        Random random = new Random(Seeds.of(11));
        int matched = 0;
        for (int i = 0; i < 200_000; i++) {
            String glob = segments(random, "ab**", true);
            String path = segments(random, "aab", false);
            boolean expected = byDefinition(split(glob), split(path));
            assertThat(matches(glob, path)).as("%s for %s", glob, path).isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isBetween(20_000, 180_000); // else it would show nothing
    }

    @Test
    void aWildcardMatchesAPartOfATextAsItWouldTheWhole() {
        Random random = new Random(Seeds.of(12));
        for (int i = 0; i < 100_000; i++) {
            String pattern = text(random, "ab*", 6);
            String text = text(random, "ab", 8);
            boolean expected = byDefinition(pattern, text);
            Wildcard wildcard = Wildcard.of(pattern);
            assertThat(wildcard.matches(text)).as("%s for %s", pattern, text).isEqualTo(expected);
            assertThat(wildcard.matches("ab" + text + "ba", 2, 2 + text.length()))
                    .isEqualTo(expected);
        }
    }

    /** Where it is tried what each star stands for, one after the other, this takes longer than anybody waits. */
    @Test
    @Timeout(60)
    void noPathTakesLong() {
        String deep = "/a".repeat(2_000);
        assertThat(matches("/**/a".repeat(500) + "/b", deep)).isFalse();
        assertThat(matches("/**/a".repeat(500) + "/**", deep)).isTrue();
        assertThat(matches("/" + "a*".repeat(500) + "b", "/" + "a".repeat(4_000)))
                .isFalse();
        assertThat(matches("/**/" + "a*".repeat(50) + "b", ("/" + "a".repeat(80)).repeat(50)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v2/** | must begin with /",
                "'' | must begin with /",
                "** | must begin with /",
                "/a?b=c | Route.query",
                "/a#b | has ? or #",
                "/items/{id} | write * for one segment",
                "/a;b=1 | Route.when",
                "/a//b | empty segment",
                "/a/./b | dot segment",
                "/.. | dot segment",
                "/a** | ** beside other characters",
                "/**b/c | ** beside other characters",
                "/*** | ** beside other characters",
                "/a%zz | is no path",
                "/a%2 | is no path"
            })
    void whatIsNoPathIsRefused(String glob, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.path(glob))
                .withMessageStartingWith("path " + glob + " ")
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "orders, orders",
        "*.shop.example, a.shop.example",
        "*.shop.example, ab.shop.example",
        "**.shop.example, shop.example",
        "**.shop.example, a.b.shop.example",
        "tenant-*.shop, tenant-7.shop",
        "Orders.Shop, orders.shop",
        "127.0.0.1, 127.0.0.1",
        "[::1], [::1]",
        "a.**.b, a.x.y.b"
    })
    void aHostIsMatchedByItsLabels(String glob, String host) {
        assertThat(Glob.host(glob).matches(host, 0)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"orders, orders2", "*.shop.example, shop.example", "*.shop.example, a.b.shop.example", "*.shop, ashop"})
    void aHostOfOtherLabelsIsAnother(String glob, String host) {
        assertThat(Glob.host(glob).matches(host, 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "*", "**", "*.*", "**.*", "a_b", "a..b", "a/b", "a?", "a b", "-a", "a**", "**a.b", "***.b", "u@a"
            })
    void whatIsNoHostIsRefused(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.host(host))
                .withMessageStartingWith("host " + host + " is no host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:", "a:x", "a:0", "a:65536", "a:-1", "a:123456", "[::1]:0", "http://a"})
    void whatIsNoPortIsRefused(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.host(host))
                .withMessageContaining("must have 1 to 65535");
    }
}
