package io.evenkeel.discovery.common;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON from somebody who may send anything, to plain values: maps, lists, strings, numbers, booleans and null. */
public final class Json {

    /** The parser calls itself once per level; endpoints themselves need four, and what registries say, ten. */
    private static final int DEEPEST = 64;

    private Json() {}

    /**
     * What {@code content}, JSON in UTF-8, holds.
     *
     * @throws UnusableException if it is no JSON, or nested deeper than 64 levels
     */
    public static @Nullable Object tree(byte[] content) throws UnusableException {
        return tree(text(content));
    }

    /**
     * The same, but for content that does not begin as an object, a list or a string of JSON does: it is the text itself, stripped.
     *
     * @throws UnusableException if it is empty, no UTF-8, or begins as JSON and is none
     */
    public static @Nullable Object treeOrText(byte[] content) throws UnusableException {
        String text = text(content).strip();
        return text.isEmpty() || "{[\"".indexOf(text.charAt(0)) >= 0 ? tree(text) : text;
    }

    /** The text in {@code content}, which is UTF-8.
     *
     * @throws UnusableException if it is not */
    public static String text(byte[] content) throws UnusableException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnusableException("is not UTF-8", e);
        }
    }

    private static @Nullable Object tree(String text) throws UnusableException {
        if (text.isBlank()) {
            throw new UnusableException("is empty");
        }
        refuseDeep(text);
        try {
            // Numbers stay text: one of a million digits is to be refused, not calculated
            return JsonParser.any().withLazyNumbers().from(text);
        } catch (JsonParserException | RuntimeException e) {
            throw new UnusableException("is not JSON: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    /** Counts brackets outside strings, which is exact as far as the text is JSON, and no further does the parser get. */
    private static void refuseDeep(String text) throws UnusableException {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += c == '\\' ? 1 : 0;
            } else {
                depth += step(c);
            }
            if (depth > DEEPEST) {
                throw new UnusableException("is nested deeper than " + DEEPEST + " levels");
            }
        }
    }

    private static int step(char c) {
        return switch (c) {
            case '[', '{' -> 1;
            case ']', '}' -> -1;
            default -> 0;
        };
    }
}
