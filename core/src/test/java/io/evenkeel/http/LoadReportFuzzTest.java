package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Any text is a report, a report of other things, or malformed, and nothing else; and what is taken for JSON is JSON. Runs on
 * the kept inputs; with JAZZER_FUZZ=1 in the environment it looks for more.
 */
class LoadReportFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anyTextIsReadOrMalformed(byte[] bytes) throws JsonParserException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        assertReadOrMalformed(LoadText.own(text));
        LoadReport orca = LoadText.orca(text);
        if (orca != null) {
            assertReadOrMalformed(orca);
        }
        if (text.toUpperCase(Locale.ROOT).startsWith("JSON ") && !LoadReport.MALFORMED.equals(orca)) {
            assertThat(JsonParser.object().from(text.substring(5))).isNotNull();
        }
    }

    private static void assertReadOrMalformed(LoadReport report) {
        if (Double.isNaN(report.inFlight())) {
            assertThat(report).isEqualTo(LoadReport.MALFORMED);
        }
    }
}
