package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.http.Cookies.SetCookie;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookiesTest {

    private static HttpHeaders sent(String... lines) {
        return HttpHeaders.of(Map.of("Cookie", List.of(lines)), (name, value) -> true);
    }

    private static HttpHeaders set(String... lines) {
        return HttpHeaders.of(Map.of("Set-Cookie", List.of(lines)), (name, value) -> true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SESSION=abc",
                "SESSION=abc; other=1",
                "other=1; SESSION=abc",
                "other=1;SESSION=abc;",
                " other = 1 ;\t SESSION = abc ",
                "SESSION=\"abc\"",
                "$Version=\"1\"; SESSION=\"abc\";$Path=\"/\"",
                "SESSION=abc; SESSION=second",
                ";;; =; a; SESSION=abc",
                "XSESSION=1; SESSIONX=2; session=3; SESSION=abc",
                "x=SESSION=1; SESSION=abc"
            })
    void aCookieIsFoundByItsName(String line) {
        assertThat(Cookies.sent(sent(line), "SESSION")).contains("abc");
    }

    @Test
    void aCookieIsFoundInAnyLine() {
        assertThat(Cookies.sent(sent("a=1", "b=2; SESSION=abc", "c=3"), "SESSION"))
                .contains("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "=",
                "SESSION",
                "SESSION;",
                "session=abc",
                "x=SESSION=abc",
                "\"SESSION\"=abc",
                "=SESSION"
            })
    void whatIsNoSuchCookieIsNotFound(String line) {
        assertThat(Cookies.sent(sent(line), "SESSION")).isEmpty();
        assertThat(Cookies.set(set(line), "SESSION")).isEmpty();
    }

    @Test
    void aRequestWithoutCookiesHasNone() {
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        assertThat(Cookies.sent(none, "SESSION")).isEmpty();
        assertThat(Cookies.set(none, "SESSION")).isEmpty();
    }

    @Test
    void aValueMayHoldAnythingButASemicolon() {
        assertThat(Cookies.sent(sent("SESSION=a=b==; x"), "SESSION")).contains("a=b==");
        assertThat(Cookies.sent(sent("SESSION=a b"), "SESSION")).contains("a b");
        assertThat(Cookies.sent(sent("SESSION=\""), "SESSION")).contains("\"");
        assertThat(Cookies.sent(sent("SESSION=\"\""), "SESSION")).contains("");
        assertThat(Cookies.sent(sent("SESSION="), "SESSION")).contains("");
        assertThat(Cookies.sent(sent("SESSION=\"a;b\""), "SESSION")).contains("\"a"); // as RFC 6265 reads it
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SESSION=abc",
                "SESSION=abc; Path=/; HttpOnly",
                "SESSION=\"abc\"; Max-Age=3600",
                " SESSION = abc ;Max-Age=0x",
                "SESSION=abc; Max-Age=",
                "SESSION=abc; Max-Age=0; max-age=10",
                "SESSION=abc; X-Max-Age=0",
                "SESSION=abc;;;"
            })
    void anAnswerSetsACookie(String line) {
        assertThat(Cookies.set(set(line), "SESSION")).contains(new SetCookie("abc", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SESSION=abc; Max-Age=0",
                "SESSION=abc; path=/; MAX-AGE=-1; Secure",
                "SESSION=abc; Max-Age=5; Max-Age=00",
                "SESSION=abc;max-age= 0 "
            })
    void anAnswerEndsACookie(String line) {
        assertThat(Cookies.set(set(line), "SESSION")).contains(new SetCookie("abc", true));
    }

    @Test
    void oneThatIsSetToNothingEnds() {
        assertThat(Cookies.set(set("SESSION=; Path=/"), "SESSION")).contains(new SetCookie("", true));
    }

    @Test
    void ofSeveralTheLastCounts() {
        assertThat(Cookies.set(set("SESSION=a", "other=b", "SESSION=c; Max-Age=9", "x"), "SESSION"))
                .contains(new SetCookie("c", false));
    }

    @Test
    void anythingIsReadOrPassedOver() {
        String letters = "SESION=;\" \t,$\u00e4\ud800max-age0";
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder();
            random.ints(random.nextInt(30), 0, letters.length()).forEach(c -> line.append(letters.charAt(c)));
            String begin = random.nextBoolean() ? "SESSION=" : "";
            Cookies.sent(sent(begin + line), "SESSION")
                    .ifPresent(value -> assertThat(value).doesNotContain(";"));
            Cookies.set(set(begin + line), "SESSION")
                    .ifPresent(cookie -> assertThat(cookie.value()).doesNotContain(";"));
            assertThat(Cookies.sent(sent(begin + line), "SESSION").isPresent())
                    .isEqualTo((";" + begin + line).matches("(?s).*;\\s*SESSION\\s*=.*"));
        }
    }

    @Test
    void aLineOfAMegabyteIsReadToItsEnd() {
        String garbage = "x=1;".repeat(250_000);
        assertThat(Cookies.sent(sent(garbage + "SESSION=abc"), "SESSION")).contains("abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a=b", "a;b", "\u00e4", "a,b", "\"a\"", "a\n"})
    void aNameThatNoCookieCanHaveIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookies.checkName(name))
                .withMessageContaining("cookie name is \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSESSIONID", "__Host-lb", "a.b_c~1!"})
    void aNameThatACookieCanHaveIsTaken(String name) {
        assertThat(Cookies.checkName(name)).isEqualTo(name);
    }
}
