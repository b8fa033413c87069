package io.evenkeel.discovery.file;

import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Json;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** How a file is written, by the end of its name. */
enum Form {
    JSON {
        @Override
        EndpointList list(byte[] content) throws UnusableException {
            return EndpointList.ofJson(content);
        }
    },
    YAML {
        @Override
        EndpointList list(byte[] content) throws UnusableException {
            return EndpointList.of(tree(Json.text(content)));
        }

        @Override
        boolean mayBeHalf(byte[] content) {
            return content.length > 0 && content[content.length - 1] != '\n';
        }
    };

    /** Aliases are the way to make a small file a huge list; nobody needs many. */
    private static final int MOST_ALIASES = 50;

    private static final int MOST_CHARACTERS = 16 << 20;

    static Form of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") ? YAML : JSON;
    }

    /**
     * The list in a file's content.
     *
     * @throws UnusableException if it holds no list, or one with entries of which none is usable
     */
    abstract EndpointList list(byte[] content) throws UnusableException;

    /** Whether content that is a list may still be the beginning of another, of which the last entry has lost its end. */
    boolean mayBeHalf(byte[] content) {
        return false;
    }

    /** Version 1.2 of YAML, its core schema: no tags that name classes, and "no" is a word. */
    private static @Nullable Object tree(String text) throws UnusableException {
        if (text.isBlank()) {
            throw new UnusableException("is empty");
        }
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(true)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(MOST_CHARACTERS)
                .build();
        try {
            return new Load(settings).loadFromString(text);
        } catch (RuntimeException | StackOverflowError e) {
            throw new UnusableException("is not YAML: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }
}
