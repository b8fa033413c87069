package io.evenkeel.discovery.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON from somebody who may send anything, to plain values: maps, lists, strings, numbers, booleans and null. */
public final class Json {

    /** The parser calls itself once per level; endpoints themselves need four, and what registries say, ten. */
    private static final int DEEPEST = 64;

    /** How some editors begin a file. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private Json() {}

    /** What becomes of the elements of lists as soon as they are read, so that a long list of large ones is never there as a whole. */
    @FunctionalInterface
    public interface Each {

        /**
         * What takes the place of {@code element}.
         *
         * @param list the field that the list is, or is in; empty for one that is all there is
         */
        @Nullable
        Object of(String list, @Nullable Object element);
    }

    /** Reads. */
    private interface Parser {
        @Nullable
        Object parse(Reader content) throws JsonParserException;
    }

    /**
     * What {@code content}, JSON in UTF-8, holds.
     *
     * @throws UnusableException if it is no JSON, or nested deeper than 64 levels
     */
    public static @Nullable Object tree(byte[] content) throws UnusableException {
        // Numbers stay text: one of a million digits is to be refused, not calculated
        return tree(content, JsonParser.any().withLazyNumbers()::from);
    }

    /** The same, with what {@code each} makes of the elements of lists. */
    public static @Nullable Object tree(byte[] content, Each each) throws UnusableException {
        return tree(content, (Reader reader) -> value(JsonReader.from(reader), "", each));
    }

    private static @Nullable Object tree(byte[] content, Parser parser) throws UnusableException {
        int begin = startsWithMark(content) ? MARK.length : 0;
        check(content, begin);
        try {
            return parser.parse(new InputStreamReader(
                    new ByteArrayInputStream(content, begin, content.length - begin), UTF_8.newDecoder()));
        } catch (JsonParserException e) {
            String why = e.getCause() instanceof CharacterCodingException
                    ? "is not UTF-8"
                    : "is not JSON: " + Shown.text(String.valueOf(e.getMessage()));
            throw new UnusableException(why, e);
        } catch (RuntimeException e) {
            throw new UnusableException("is not JSON: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    private static @Nullable Object value(JsonReader reader, String list, Each each) throws JsonParserException {
        return switch (reader.current()) {
            case OBJECT -> object(reader, each);
            case ARRAY -> list(reader, list, each);
            default -> reader.value();
        };
    }

    private static Map<String, @Nullable Object> object(JsonReader reader, Each each) throws JsonParserException {
        Map<String, @Nullable Object> fields = new HashMap<>();
        reader.object();
        while (reader.next()) {
            String name = reader.key();
            fields.put(name, value(reader, name, each));
        }
        return fields;
    }

    private static List<@Nullable Object> list(JsonReader reader, String name, Each each) throws JsonParserException {
        List<@Nullable Object> elements = new ArrayList<>();
        reader.array();
        while (reader.next()) {
            elements.add(each.of(name, value(reader, name, each)));
        }
        return elements;
    }

    /**
     * The same, but for content that does not begin as an object, a list or a string of JSON does: it is the text itself, stripped.
     *
     * @throws UnusableException if it is empty, no UTF-8, or begins as JSON and is none
     */
    public static @Nullable Object treeOrText(byte[] content) throws UnusableException {
        String text = text(content).strip();
        return text.isEmpty() || "{[\"".indexOf(text.charAt(0)) >= 0 ? tree(content) : text;
    }

    /** The text in {@code content}, which is UTF-8.
     *
     * @throws UnusableException if it is not */
    public static String text(byte[] content) throws UnusableException {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnusableException("is not UTF-8", e);
        }
    }

    private static boolean startsWithMark(byte[] content) {
        return content.length >= MARK.length && Arrays.equals(content, 0, MARK.length, MARK, 0, MARK.length);
    }

    /** Counts brackets outside strings, which is exact as far as the text is JSON, and no further does the parser get. */
    private static void check(byte[] content, int begin) throws UnusableException {
        if (isBlank(content, begin)) {
            throw new UnusableException("is empty");
        }
        int depth = 0;
        boolean quoted = false;
        for (int i = begin; i < content.length; i++) {
            byte c = content[i];
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += c == '\\' ? 1 : 0;
            } else {
                depth += step(c);
                if (depth == 0 && step(c) < 0) {
                    checkEnd(content, i + 1);
                    return;
                }
            }
            if (depth > DEEPEST) {
                throw new UnusableException("is nested deeper than " + DEEPEST + " levels");
            }
        }
    }

    private static void checkEnd(byte[] content, int end) throws UnusableException {
        if (!isBlank(content, end)) {
            throw new UnusableException("is not JSON: something follows its end");
        }
    }

    private static boolean isBlank(byte[] content, int begin) {
        for (int i = begin; i < content.length; i++) {
            if (" \t\r\n".indexOf(content[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int step(byte c) {
        return switch (c) {
            case '[', '{' -> 1;
            case ']', '}' -> -1;
            default -> 0;
        };
    }
}
