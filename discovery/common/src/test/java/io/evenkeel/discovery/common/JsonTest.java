package io.evenkeel.discovery.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void elementsOfListsAreReplacedOneByOneFromTheInside() throws Exception {
        List<String> seen = new ArrayList<>();

        Object tree = Json.tree(bytes("[{\"a\": [true, \"x\"]}, {\"b\": {\"c\": [null]}}, []]"), (list, element) -> {
            seen.add(list + "=" + element);
            return list.isEmpty() ? "outer" : list;
        });

        assertThat(tree).isEqualTo(List.of("outer", "outer", "outer"));
        assertThat(seen).containsExactly("a=true", "a=x", "={a=[a, a]}", "c=null", "={b={c=[c]}}", "=[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{}, [], {\"a\": {}, \"b\": [], \"c\": [[], {}, \"d\"]}, \"e\"]",
                "{\"a\": \"\\\"]}\\u00fc\\n\", \"b\": [\"ü\", false, null]}",
                " \n[ ] \t\r\n",
                "\uFEFF[\"a\"]",
                "\"a\""
            })
    void bothWaysToReadGiveTheSame(String text) throws Exception {
        assertThat(Json.tree(bytes(text), (list, element) -> element)).isEqualTo(Json.tree(bytes(text)));
    }

    @Test
    void numbersStayTextUntilSomebodyWantsThem() throws Exception {
        Object tree = Json.tree(bytes("[8080, 1.5, -0]"), (list, element) -> String.valueOf(element));

        assertThat(tree).isEqualTo(List.of("8080", "1.5", "-0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "]",
                "[1,]",
                "[1 2]",
                "[1] 2",
                "[1}",
                "{\"a\": 1",
                "{\"a\" 1}",
                "{\"a\": 1,}",
                "{1: 2}",
                "[nul]",
                "<html>",
                "[\"a",
                "[1.]",
                "[01]",
                "[+1]",
                "[1e]",
                "[-]"
            })
    void whatIsNotJsonIsRefusedEitherWay(String text) {
        assertThatThrownBy(() -> Json.tree(bytes(text)))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("is not JSON: ");
        assertThatThrownBy(() -> Json.tree(bytes(text), (list, element) -> element))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("is not JSON: ");
    }

    @Test
    void whatIsNotUtf8OrNestedTooDeepIsRefused() {
        byte[] latin = {'[', '"', (byte) 0xfc, '"', ']'};

        assertThatThrownBy(() -> Json.tree(latin, (list, element) -> element)).hasMessage("is not UTF-8");
        assertThatThrownBy(() -> Json.tree(bytes("[".repeat(65) + "]".repeat(65)), (list, element) -> element))
                .hasMessage("is nested deeper than 64 levels");
        assertThatThrownBy(() -> Json.tree(bytes(" \n"), (list, element) -> element))
                .hasMessage("is empty");
    }

    @Test
    void aFieldGivenTwiceIsTheLast() throws Exception {
        assertThat(Json.tree(bytes("{\"a\": \"x\", \"a\": \"y\"}"), (list, element) -> element))
                .isEqualTo(Map.of("a", "y"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
