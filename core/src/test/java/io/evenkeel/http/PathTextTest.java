package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTextTest {

    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "//, /",
        "/a, /a",
        "/a/, /a/",
        "/a//, /a/",
        "/a//b, /a/b",
        "//a, /a",
        "/., /",
        "/.., /",
        "/../.., /",
        "/./a, /a",
        "/a/., /a/",
        "/a/./b, /a/b",
        "/a/.., /",
        "/a/../, /",
        "/a/b/.., /a/",
        "/a/../b, /b",
        "/../a, /a",
        "/a/b/../../c, /c",
        "/.a, /.a",
        "/a/..b, /a/..b",
        "/..., /...",
        "/%61, /a",
        "/%41, /A",
        "/%7Ea, /~a",
        "/%2e%2E/a, /a",
        "/a/%2e./b, /b",
        "/a/%2e, /a/",
        "/a%2Fb, /a%2Fb",
        "/a%2fb, /a%2Fb",
        "/a%2F..%2Fb, /a%2F..%2Fb",
        "/%25, /%25",
        "/%252e%252e/a, /%252e%252e/a",
        "/%C3%A4, /ä",
        "/a%20b, /a b",
        "/a+b, /a+b",
        "/a%2Bb, /a+b",
        "/a;v=1, /a",
        "/a;v=1/b, /a/b",
        "/a/;v=1/b, /a/b",
        "/a;/b;x, /a/b",
        "/a/..;v=1/b, /b",
        "/a/.;/b, /a/b",
        "/a/;, /a/",
        "/%3B, /;",
        "/a%3Bb/c, /a;b/c"
    })
    void aPathIsComparedAsAServerTakesIt(String raw, String compared) {
        assertThat(PathText.compared(raw)).isEqualTo(compared);
    }

    @Test
    void aPathThatIsWrittenAsItIsComparedIsNoNewObject() {
        String path = "/v2/items.json/a.b~c-d_e:@!$&'()*+,=/ä/";
        assertThat(PathText.compared(path)).isSameAs(path);
    }

    /** One that a server takes for the same. */
    private static String otherwiseWritten(String path, Random random) {
        StringBuilder other = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                int last = random.nextInt(6);
                other.append(new String[] {"/", "//", "/./", "/x%2Fy;z/../", "/%2e/", "/.;a=b//"}[last]);
            } else if (random.nextInt(3) == 0) {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    other.append(String.format(random.nextBoolean() ? "%%%02X" : "%%%02x", b & 0xFF));
                }
            } else {
                other.append(c);
            }
            boolean endsSegment = c != '/' && (i + 1 == path.length() || path.charAt(i + 1) == '/');
            if (endsSegment && random.nextInt(4) == 0) {
                other.append(";v=").append(random.nextInt(10));
            }
        }
        return other.toString();
    }

    @Test
    void noWayOfWritingAPathLeadsPastAnother() {
        Random random = new Random(Seeds.of(13));
        String[] segments = {"v2", "items", "7", "a.b", "ä", "~", "x-y_z"};
        for (int i = 0; i < 100_000; i++) {
            StringBuilder path = new StringBuilder("/v1");
            for (int n = random.nextInt(5); n > 0; n--) {
                path.append('/').append(segments[random.nextInt(segments.length)]);
            }
            path.append(random.nextBoolean() ? "/" : "");
            String other = otherwiseWritten(path.toString(), random);
            assertThat(PathText.compared(other)).as(other).isEqualTo(path.toString());
            assertThat(Glob.path("/v1/**").matches(PathText.compared(other), 1)).isTrue();
        }
    }
}
