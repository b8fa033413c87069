package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewriteTest {

    @ParameterizedTest
    @CsvSource({
        "/v2, /, /v2/items, /items",
        "/v2, /, /v2, /",
        "/v2, /, /v2/, /",
        "/v2/, /, /v2/items, /items",
        "/v2, /api/v3, /v2/items, /api/v3/items",
        "/v2, /api/, /v2/items, /api/items",
        "/v2, /api, /v2, /api",
        "/v2, /api, /v2/, /api/",
        "/v2/items, /i, /v2/items/7, /i/7",
        "/, /api, /items, /api/items",
        "/, /api, /, /api/",
        "/, /api, '', /api/",
        "/, /, /a%20b, /a%20b"
    })
    void otherSegmentsComeInThePlaceOfTheFirst(String from, String to, String path, String rewritten) {
        assertThat(Rewrite.of(from, to).of(path)).isEqualTo(rewritten);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v22/items", "/v1/v2/items", "/V2", "/", "", "/a/../v", "/v2%2Fitems", "//x//"})
    void aPathThatBeginsOtherwiseStaysAsItIsWritten(String path) {
        assertThat(Rewrite.of("/v2", "/").of(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/%76%32/items, /items",
        "//v2//items, /items",
        "/x/../v2/items, /items",
        "/v2;a=1/items, /items",
        "/v2/items;a=1, /items;a=1",
        "/v2/a%2Fb%20c, /a%2Fb%20c",
        "/v2/x/./..//y, /y"
    })
    void howItIsWrittenDoesNotCountAndWhatFollowsStaysAsItIsWritten(String path, String rewritten) {
        assertThat(Rewrite.of("/v2", "/").of(path)).isEqualTo(rewritten);
    }

    @ParameterizedTest
    @CsvSource({"/a%20b, /a%20b/c", "/a b, /a%20b/c", "/%2A, /*/c"})
    void soDoesHowTheSettingIs(String from, String path) {
        assertThat(Rewrite.of(from, "/x").of(path)).isEqualTo("/x/c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v2", "/v2/**", "/v*", "/v2?a", "/a//b", "/.."})
    void whatIsNoBeginningOfAPathIsRefused(String from) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.any().rewritePrefix(from, "/"))
                .withMessageContaining(from);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v3", "/v3?a=b", "/v3#a", "/a b", "@host/"})
    void whatCannotBeSentInItsPlaceIsRefused(String to) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.any().rewritePrefix("/v2", to))
                .withMessageStartingWith("to " + to + " is no path");
    }
}
