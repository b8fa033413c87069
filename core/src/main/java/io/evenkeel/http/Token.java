package io.evenkeel.http;

/** What methods and names of headers are made of (RFC 9110, section 5.6.2). */
final class Token {

    private static final String OTHERS = "!#$%&'*+-.^_`|~";

    private Token() {}

    /** Returns {@code text} if it is a token. */
    static String check(String what, String text) {
        if (text.isEmpty() || !text.chars().allMatch(Token::isOne)) {
            throw new IllegalArgumentException(
                    what + " \"" + text + "\" is no name: use letters, digits and " + OTHERS + " only");
        }
        return text;
    }

    private static boolean isOne(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || OTHERS.indexOf(c) >= 0;
    }
}
