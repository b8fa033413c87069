package io.evenkeel.discovery.common;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointListTest {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:8080");

    // Lists

    @Test
    void aListMayMixUrisAndObjects() throws Exception {
        String text = """
                [
                  {"uri": "http://10.0.0.1:8080", "id": "a", "weight": 2.5, "zone": "eu-1a", "priority": 3,
                   "tags": {"version": "2", "canary": true, "build": 17.0}},
                  "http://10.0.0.2:8080"
                ]
                """;

        assertThat(parse(text).endpoints())
                .containsExactly(
                        A.withId("a")
                                .withWeight(2.5)
                                .withZone("eu-1a")
                                .withPriority(3)
                                .withTag("version", "2")
                                .withTag("canary", "true")
                                .withTag("build", "17.0"),
                        B);
        assertThat(parse(text).remarks()).isEmpty();
    }

    @Test
    void anObjectMayHoldTheListAndAnythingElse() throws Exception {
        EndpointList whole = parse("{\"made\": [1], \"endpoints\": [\"http://10.0.0.1:8080\"], \"by\": null}");

        assertThat(whole.endpoints()).containsExactly(A);
        assertThat(whole.remarks()).isEmpty();
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        assertThat(parse("\uFEFF[]").endpoints()).isEmpty();
    }

    @Test
    void theLastOfTwoFieldsOfOneNameCounts() throws Exception {
        assertThat(parse(entry("\"weight\": 1, \"weight\": 2")).endpoints()).containsExactly(A.withWeight(2));
    }

    @Test
    void aTargetThatIsNoneIsDroppedAndTheOthersOfItsGroupAreUsed() throws Exception {
        EndpointList whole = parse("[{\"targets\": [\"10.0.0.1:8080\", 7, \"bad host\", \"10.0.0.2:8080\"]}]");

        assertThat(whole.endpoints()).containsExactly(A, B);
        assertThat(whole.remarks())
                .startsWith("entry 0 has target 1, which is dropped: target is 7, but must be a string; ")
                .contains("entry 0 has target 2, which is dropped: ");
        assertThatThrownBy(() -> parse("[{\"targets\": [\"bad host\"]}]")).isInstanceOf(UnusableException.class);
    }

    @Test
    void aBlankZoneIsNone() throws Exception {
        EndpointList group = parse("[{\"targets\": [\"10.0.0.1:8080\"], \"labels\": {\"zone\": \" \"}}]");

        assertThat(parse(entry("\"zone\": \"\"")).endpoints()).containsExactly(A);
        assertThat(group.endpoints()).containsExactly(A.withTag("zone", " "));
        assertThat(EndpointList.ofEntries(List.of(Address.entry("http", "10.0.0.1", 8080, Map.of("zone", ""))))
                        .endpoints())
                .containsExactly(A.withTag("zone", ""));
    }

    @Test
    void nullCountsAsAbsent() throws Exception {
        String fields =
                "\"id\": null, \"weight\": null, \"zone\": null, \"priority\": null, \"tags\": null, \"note\": null";
        EndpointList whole = parse(entry(fields));

        assertThat(whole.endpoints()).containsExactly(A);
        assertThat(whole.remarks()).isEmpty();
        assertThat(parse(entry("\"tags\": {\"version\": null}")).endpoints()).containsExactly(A);
    }

    @Test
    void namesMayBeInAnyScript() throws Exception {
        assertThat(parse(entry("\"zone\": \"zürich-\\u00fc\", \"tags\": {\"名\": \"😀\"}"))
                        .endpoints())
                .containsExactly(A.withZone("zürich-ü").withTag("名", "😀"));
    }

    @Test
    void everyEntryOfALongListArrivesWhateverTheSpacing() throws Exception {
        Random random = new Random(7);
        List<Endpoint> expected = IntStream.range(0, 3_000)
                .mapToObj(i -> Endpoint.of("http://host-" + i + ":8080")
                        .withWeight(i)
                        .withZone("z\n" + i)
                        .withTag("i", "" + i))
                .toList();
        String text = expected.stream()
                .map(e -> "{\"uri\":\"%s\",\"weight\":%s,%s\"zone\":\"z\\n%d\",\"tags\":{\"i\":%4$d}}"
                        .formatted(e.uri(), e.weight(), " ".repeat(random.nextInt(50)), (int) e.weight()))
                .collect(Collectors.joining("\n,", "[", "]"));

        assertThat(parse(text).endpoints()).isEqualTo(expected);
    }

    // Entries one by one

    @Test
    void entriesMayBeWrittenOneByOneAsTextOrJson() throws Exception {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("a", " http://10.0.0.1:8080\n".getBytes(UTF_8));
        contents.put("b", "{\"uri\": \"http://10.0.0.2:8080\"}".getBytes(UTF_8));
        contents.put("c", "\"http://10.0.0.3:8080\"".getBytes(UTF_8));

        EndpointList whole = EndpointList.ofNamed(contents, List::of);

        assertThat(whole.endpoints()).containsExactly(A, B, Endpoint.of("http://10.0.0.3:8080"));
        assertThat(whole.remarks()).isEmpty();
    }

    @Test
    void aFormMayPutAnotherEntryInThePlaceOfOneOrNone() throws Exception {
        Map<String, byte[]> contents = Map.of("a", "a".getBytes(UTF_8), "b", "b".getBytes(UTF_8));

        assertThat(EndpointList.ofNamed(
                                contents, text -> text.equals("a") ? List.of("http://10.0.0.1:8080") : List.of())
                        .endpoints())
                .containsExactly(A);
        assertThat(EndpointList.ofNamed(contents, text -> List.of()).endpoints())
                .isEmpty();
    }

    @Test
    void aBadEntryWithANameIsDroppedByIt() throws Exception {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("a", "http://10.0.0.1:8080".getBytes(UTF_8));
        contents.put("b\n", "{".getBytes(UTF_8));
        contents.put("c", new byte[] {(byte) 0xff});
        contents.put("d", new byte[0]);
        contents.put("e", "{\"uri\": \"http://10.0.0.2:8080\", \"wieght\": 2}".getBytes(UTF_8));

        EndpointList whole = EndpointList.ofNamed(contents, List::of);

        assertThat(whole.endpoints()).containsExactly(A, B);
        assertThat(whole.remarks())
                .startsWith("\"b?\" is dropped: is not JSON")
                .contains("\"c\" is dropped: is not UTF-8; \"d\" is dropped: is empty")
                .endsWith("\"e\" has an unknown field \"wieght\", which is ignored");
        contents.keySet().removeAll(List.of("a", "e"));
        assertThatThrownBy(() -> EndpointList.ofNamed(contents, List::of))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("has no usable entry: \"b?\" is dropped");
    }

    // Entries that are none

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    7                                            | it is 7, but must be a URI or an object
                    null                                         | it is null, but must be a URI or an object
                    []                                           | it is a list, but must be a URI or an object
                    {}                                           | uri is missing
                    {"uri": null}                                | uri is missing
                    {"uri": 7}                                   | uri is 7, but must be a string
                    {"uri": "http://a", "id": 7}                 | id is 7, but must be a string
                    {"uri": "http://a", "id": ""}                | id is blank, but must have at least one visible character
                    {"uri": "http://a", "weight": "2"}           | weight is "2", but must be a number
                    {"uri": "http://a", "weight": -0.5}          | weight is -0.5, but must be 0 to 1000000
                    {"uri": "http://a", "weight": 1e999}         | weight is Infinity, but must be 0 to 1000000
                    {"uri": "http://a", "zone": ["z"]}           | zone is a list, but must be a string
                    {"uri": "http://a", "priority": 1.5}         | priority is 1.5, but must be a whole number
                    {"uri": "http://a", "priority": 99999999999} | priority is 99999999999, but must be a whole number
                    {"uri": "http://a", "priority": true}        | priority is true, but must be a whole number
                    {"uri": "http://a", "priority": 1001}        | priority is 1001, but must be 0 to 1000
                    {"uri": "http://a", "tags": ["v"]}           | tags is a list, but must be an object
                    {"uri": "http://a", "tags": {"v": {}}}       | tag "v" is an object, but must be a string, a number, true or false
                    "http://a/path"                              | endpoint http://a/path has a path, which belongs to a call
                    """)
    void aBadEntryIsDroppedWithTheReason(String entry, String reason) throws Exception {
        EndpointList whole = parse("[\"http://10.0.0.2:8080\", " + entry + "]");

        assertThat(whole.endpoints()).containsExactly(B);
        assertThat(whole.remarks()).isEqualTo("entry 1 is dropped: " + reason);
    }

    @Test
    void theFirstFiveRemarksAreInWordsAndTheRestIsCounted() throws Exception {
        EndpointList whole = parse("[\"http://10.0.0.2:8080\"" + ", 7".repeat(12) + "]");

        assertThat(whole.endpoints()).containsExactly(B);
        assertThat(whole.remarks())
                .startsWith("entry 1 is dropped: it is 7, but must be a URI or an object; entry 2 is dropped")
                .contains("entry 5 is dropped")
                .doesNotContain("entry 6")
                .endsWith("; and 7 more");
    }

    @Test
    void remarksStayShortAndInOneLine() throws Exception {
        String endless = "x\\n\\u2028\\u0000".repeat(10_000);
        EndpointList whole = parse("[\"http://10.0.0.2:8080\", \"" + endless + "\", {\"uri\": \"http://a\", \""
                + endless + "\": 1, \"zone\": [], \"id\": {}}, 1" + "0".repeat(100_000) + "]");

        assertThat(whole.remarks()).hasSizeLessThan(1_000).doesNotContainPattern("[\\p{Cc}\\p{Zl}]");
    }

    // Files that are none

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                     | is empty
                    ` `                    | is empty
                    null                   | is neither a list nor an object with a list named endpoints
                    "http://a"             | is neither a list nor an object with a list named endpoints
                    {"uri": "http://a"}    | is neither a list nor an object with a list named endpoints
                    {"endpoints": {}}      | is neither a list nor an object with a list named endpoints
                    {"endpoints": null}    | is neither a list nor an object with a list named endpoints
                    [null]                 | has no usable entry: entry 0 is dropped: it is null, but must be a URI or an object
                    """)
    void aFileWithoutAListIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(UnusableException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "]",
                "[\"http://a\",]",
                "[\"http://a\" \"http://b\"]",
                "[\"http://a\"] []",
                "[\"http://a\"}",
                "{\"endpoints\": [\"http://a\"]",
                "[{\"uri\": \"http://a\", \"weight\": 1.}]",
                "[{\"uri\": \"http://a\", \"weight\": NaN}]",
                "['http://a']",
                "[\"http://a\\",
                "[\"http://a\\u00",
                "[\"http://a\n\"]",
                "[\"http://a\"] // a comment",
                "\u0000\u0000\u0000"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("is not JSON: ")
                .hasMessageNotContainingAny("\n", "\u0000");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[] latin = "[\"http://zürich\"]".getBytes(ISO_8859_1);

        assertThatThrownBy(() -> EndpointList.ofJson(latin)).hasMessage("is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"endpoints\":", "[\"\\\"\",[[", "{\"\\\\\":"})
    void aFileNestedWithoutEndIsRefusedBeforeItFillsTheStack(String level) {
        assertThatThrownBy(() -> parse(level.repeat(1_000_000))).hasMessage("is nested deeper than 64 levels");
    }

    @Test
    void bracketsInStringsAreNoLevels() {
        assertThatCode(() ->
                        parse("[\"http://a\", {\"uri\": \"http://b\", \"note\": \"" + "[{\\\"[".repeat(100) + "\"}]"))
                .doesNotThrowAnyException();
    }

    @Test
    void aNumberOfAMillionDigitsCostsNothing() throws Exception {
        assertThat(parse("[\"http://10.0.0.2:8080\", " + "9".repeat(1_000_000) + "]")
                        .endpoints())
                .containsExactly(B);
        assertThat(parse(entry("\"tags\": {}, \"weight\": 0." + "1".repeat(1_000_000)))
                        .endpoints())
                .hasSize(1);
    }

    private static EndpointList parse(String text) throws UnusableException {
        return EndpointList.ofJson(text.getBytes(UTF_8));
    }

    private static String entry(String fields) {
        return "[{\"uri\": \"http://10.0.0.1:8080\", " + fields + "}]";
    }
}
