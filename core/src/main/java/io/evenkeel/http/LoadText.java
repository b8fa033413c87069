package io.evenkeel.http;

import org.jspecify.annotations.Nullable;

/**
 * Reads a header's value for a {@link LoadReport}. What it does not know it skips; what is no list of names and numbers, or
 * no JSON, is malformed, and so is what says a thing twice.
 */
final class LoadText {

    private static final int LONGEST = 4_096;
    private static final int DEEPEST = 16;

    private static final String IN_FLIGHT = "rif";
    private static final String LATENCY = "latency";
    private static final String METRICS = "named_metrics";
    /** As protobuf writes it in JSON, if it is not told to keep names. */
    private static final String METRICS_IN_CAMEL_CASE = "namedMetrics";

    private final String text;
    private int at;
    private double inFlight = Double.NaN;
    private double latency = Double.NaN;

    private LoadText(String text) {
        this.text = text;
    }

    /** {@code rif=3, latency=12.5}, the latency in milliseconds and not required. */
    static LoadReport own(String value) {
        LoadText text = new LoadText(value);
        return text.isShort() && text.pairs("") && text.isSaid() ? text.report() : LoadReport.MALFORMED;
    }

    /** {@code TEXT named_metrics.rif=3, ...}, or {@code JSON {"named_metrics": {"rif": 3, ...}, ...}}. Null for reports of
     * other things, and for those in binary form. */
    static @Nullable LoadReport orca(String value) {
        LoadText text = new LoadText(value);
        if (text.skipWord("BIN ")) {
            return null;
        }
        if (!text.isShort() || !(text.skipWord("JSON ") ? text.json() : text.orcaPairs())) {
            return LoadReport.MALFORMED;
        }
        return text.isSaid() ? text.report() : null;
    }

    private LoadReport report() {
        return new LoadReport(inFlight, latency);
    }

    private boolean isShort() {
        return text.length() <= LONGEST;
    }

    private boolean isSaid() {
        return !Double.isNaN(inFlight);
    }

    // A list of pairs. Envoy reads a colon where the format's authors write an equals sign.

    private boolean orcaPairs() {
        skipWord("TEXT ");
        return pairs(METRICS + ".");
    }

    private boolean pairs(String prefix) {
        skipSpace();
        while (at < text.length()) {
            if (!skip(',') && !pair(prefix)) {
                return false;
            }
            skipSpace();
        }
        return true;
    }

    private boolean pair(String prefix) {
        int from = at;
        int to = skipName();
        skipSpace();
        if (from == to || !(skip('=') || skip(':'))) {
            return false;
        }
        skipSpace();
        double value = number();
        skipSpace();
        return !Double.isNaN(value) && (at == text.length() || skip(',')) && put(prefix, from, to, value);
    }

    private int skipName() {
        while (at < text.length() && "=:, \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /** False if it was said before. */
    private boolean put(String prefix, int from, int to, double value) {
        boolean news = true;
        if (is(prefix, IN_FLIGHT, from, to)) {
            news = Double.isNaN(inFlight);
            inFlight = value;
        } else if (is(prefix, LATENCY, from, to)) {
            news = Double.isNaN(latency);
            latency = value;
        }
        return news;
    }

    private boolean is(String prefix, String name, int from, int to) {
        return to - from == prefix.length() + name.length()
                && text.startsWith(prefix, from)
                && text.startsWith(name, from + prefix.length());
    }

    // JSON, by RFC 8259.

    private boolean json() {
        boolean read = object(1, false);
        skipSpace();
        return read && at == text.length();
    }

    private boolean object(int depth, boolean metrics) {
        if (depth > DEEPEST || !skipMark('{')) {
            return false;
        }
        if (skipMark('}')) {
            return true;
        }
        do {
            if (!member(depth, metrics)) {
                return false;
            }
        } while (skipMark(','));
        return skipMark('}');
    }

    private boolean member(int depth, boolean metrics) {
        skipSpace();
        int from = at + 1;
        if (!string()) {
            return false;
        }
        int to = at - 1;
        if (!skipMark(':')) {
            return false;
        }
        if (metrics && (is("", IN_FLIGHT, from, to) || is("", LATENCY, from, to))) {
            skipSpace();
            double value = number();
            return !Double.isNaN(value) && put("", from, to, value);
        }
        if (depth == 1 && (is("", METRICS, from, to) || is("", METRICS_IN_CAMEL_CASE, from, to))) {
            return object(depth + 1, true);
        }
        return value(depth + 1);
    }

    private boolean array(int depth) {
        if (depth > DEEPEST || !skipMark('[')) {
            return false;
        }
        if (skipMark(']')) {
            return true;
        }
        do {
            if (!value(depth + 1)) {
                return false;
            }
        } while (skipMark(','));
        return skipMark(']');
    }

    private boolean value(int depth) {
        skipSpace();
        return switch (at < text.length() ? text.charAt(at) : ' ') {
            case '{' -> object(depth, false);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> skipText("true");
            case 'f' -> skipText("false");
            case 'n' -> skipText("null");
            default -> !Double.isNaN(number());
        };
    }

    private boolean string() {
        if (!skip('"')) {
            return false;
        }
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c < ' ' || (c == '\\' && !escape())) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        if (!skip('u')) {
            return at < text.length() && "\"\\/bfnrt".indexOf(text.charAt(at++)) >= 0;
        }
        int end = at + 4;
        while (at < end && at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 128) {
            at++;
        }
        return at == end;
    }

    // Numbers, as JSON writes them.

    /** NaN if there is none. */
    private double number() {
        int from = at;
        skip('-');
        boolean read = skip('0') || digits();
        if (skip('.')) {
            read &= digits();
        }
        if (skip('e') || skip('E')) {
            if (!skip('-')) {
                skip('+');
            }
            read &= digits();
        }
        return read ? Double.parseDouble(text.substring(from, at)) : Double.NaN;
    }

    private boolean digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > from;
    }

    // Characters.

    private boolean skip(char c) {
        boolean here = at < text.length() && text.charAt(at) == c;
        if (here) {
            at++;
        }
        return here;
    }

    private boolean skipMark(char c) {
        skipSpace();
        return skip(c);
    }

    private boolean skipText(String word) {
        boolean here = text.startsWith(word, at);
        if (here) {
            at += word.length();
        }
        return here;
    }

    private boolean skipWord(String word) {
        boolean here = text.regionMatches(true, at, word, 0, word.length());
        if (here) {
            at += word.length();
        }
        return here;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
