package io.evenkeel.http;

import java.net.http.HttpHeaders;
import java.util.Optional;

/** Finds cookies in headers, as RFC 6265 reads them: whatever is none is passed over. */
final class Cookies {

    private static final String NO_SEPARATORS = "!#$%&'*+-.^_`|~";

    private Cookies() {}

    /**
     * A cookie that an answer sets.
     *
     * @param isEnd whether that ends it
     */
    record SetCookie(String value, boolean isEnd) {}

    /**
     * The name of a cookie, checked.
     *
     * @throws IllegalArgumentException if a cookie cannot have it
     */
    static String checkName(String name) {
        boolean legal = !name.isEmpty() && name.chars().allMatch(Cookies::isLegal);
        if (!legal) {
            throw new IllegalArgumentException("cookie name is \"" + name + "\", but must be letters, digits and "
                    + NO_SEPARATORS + " only, at least one");
        }
        return name;
    }

    private static boolean isLegal(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || NO_SEPARATORS.indexOf(c) >= 0;
    }

    /** Whether a header can have such a line, by what the JDK's client lets pass (RFC 9110, section 5.5). */
    static boolean isSendable(String line) {
        return line.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= 0xff && c != 0x7f));
    }

    /** The value of the first cookie of that name in a request. */
    static Optional<String> sent(HttpHeaders request, String name) {
        for (String line : request.allValues("cookie")) {
            for (int begin = 0; begin < line.length(); ) {
                int end = end(line, begin);
                Optional<String> value = value(line.substring(begin, end), name);
                if (value.isPresent()) {
                    return value;
                }
                begin = end + 1;
            }
        }
        return Optional.empty();
    }

    /** What an answer sets the cookie of that name to; the last one counts. */
    static Optional<SetCookie> set(HttpHeaders answer, String name) {
        Optional<SetCookie> last = Optional.empty();
        for (String line : answer.allValues("set-cookie")) {
            int end = end(line, 0);
            Optional<String> value = value(line.substring(0, end), name);
            if (value.isPresent()) {
                last = Optional.of(new SetCookie(value.get(), value.get().isEmpty() || isOver(line, end)));
            }
        }
        return last;
    }

    private static int end(String line, int begin) {
        int end = line.indexOf(';', begin);
        return end < 0 ? line.length() : end;
    }

    /** That of a pair, without its quotes, if the name is its. */
    private static Optional<String> value(String pair, String name) {
        int equals = pair.indexOf('=');
        if (equals < 0 || !pair.substring(0, equals).strip().equals(name)) {
            return Optional.empty();
        }
        String value = pair.substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
    }

    /** Whether it is to live for no time: Max-Age of 0 or less; the last one counts. */
    private static boolean isOver(String line, int begin) {
        boolean over = false;
        for (int next = begin + 1; next < line.length(); ) {
            int end = end(line, next);
            String attribute = line.substring(next, end).strip();
            if (attribute.regionMatches(true, 0, "max-age=", 0, 8)) {
                String age = attribute.substring(8).strip();
                over = age.startsWith("-") || (!age.isEmpty() && age.chars().allMatch(c -> c == '0'));
            }
            next = end + 1;
        }
        return over;
    }
}
