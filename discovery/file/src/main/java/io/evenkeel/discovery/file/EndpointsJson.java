package io.evenkeel.discovery.file;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.evenkeel.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of the file: JSON to a list of endpoints. */
final class EndpointsJson {

    /** The parser calls itself once per level; the endpoints themselves need four. */
    private static final int DEEPEST = 64;

    private EndpointsJson() {}

    /**
     * The endpoints in {@code content}; entries that are none are left out and remarked on.
     *
     * @throws UnusableFileException if it holds no list, or one with entries of which none is usable
     */
    static Reading.Whole parse(byte[] content) throws UnusableFileException {
        List<?> entries = list(tree(text(content)));
        Remarks remarks = new Remarks();
        List<Endpoint> endpoints = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            add(i, entries.get(i), endpoints, remarks);
        }
        if (endpoints.isEmpty() && !entries.isEmpty()) {
            throw new UnusableFileException("has no usable entry: " + remarks);
        }
        return new Reading.Whole(List.copyOf(endpoints), remarks.toString());
    }

    private static void add(int index, @Nullable Object entry, List<Endpoint> endpoints, Remarks remarks) {
        try {
            endpoints.add(EntryJson.endpoint(entry, what -> remarks.add(index, what)));
        } catch (IllegalArgumentException e) {
            remarks.add(index, "is dropped: " + e.getMessage());
        }
    }

    private static String text(byte[] content) throws UnusableFileException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnusableFileException("is not UTF-8", e);
        }
    }

    private static @Nullable Object tree(String text) throws UnusableFileException {
        if (text.isBlank()) {
            throw new UnusableFileException("is empty");
        }
        refuseDeep(text);
        try {
            // Numbers stay text: one of a million digits is to be refused, not calculated
            return JsonParser.any().withLazyNumbers().from(text);
        } catch (JsonParserException | RuntimeException e) {
            throw new UnusableFileException("is not JSON: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    /** Counts brackets outside strings, which is exact as far as the text is JSON, and no further does the parser get. */
    private static void refuseDeep(String text) throws UnusableFileException {
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
                throw new UnusableFileException("is nested deeper than " + DEEPEST + " levels");
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

    private static List<?> list(@Nullable Object root) throws UnusableFileException {
        Object list = root instanceof JsonObject object ? object.get("endpoints") : root;
        if (list instanceof List<?> entries) {
            return entries;
        }
        throw new UnusableFileException("is neither a list nor an object with a list named endpoints");
    }
}
