package io.evenkeel.discovery.file;

import io.evenkeel.discovery.common.UnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A file of which somebody wants to know when its content changes. Not safe for use by several threads at once. */
final class WatchedFile {

    /*
     * A look compares the file's stamp: its attributes, with symbolic links followed. Where the file system tells, they
     * include the number of the file, which a rename or a switched link changes, and the time of its last change of
     * status, which cannot be set back as the time of its last modification can.
     *
     * Time stamps tick, every few milliseconds at best and every two seconds at worst (FAT), and a second change within
     * one tick may leave the stamp as it is. So after every new stamp the content itself is compared for two more
     * seconds. Counted in looks, that needs no clock, and works with a file server whose clock differs from ours.
     */
    private static final Duration COARSEST_TICK = Duration.ofSeconds(2);

    private static final int LARGEST = 16 << 20;
    private static final String TOO_LARGE = "is larger than 16 MiB";

    private final Path path;
    private final String attributes;
    private final long looksPerTick;

    private Map<String, Object> stamp = Map.of();
    private Optional<byte[]> content = Optional.empty();
    private long looksToCompare;

    /** The file at {@code path}, which need not exist, to be looked at no more often than once per interval. */
    WatchedFile(Path path, Duration interval) {
        this(path, interval, attributesOf(path));
    }

    /** The same with attributes of one's own, in the words of {@link Files#readAttributes}. */
    WatchedFile(Path path, Duration interval, String attributes) {
        this.path = path;
        this.attributes = attributes;
        this.looksPerTick = COARSEST_TICK.dividedBy(interval) + 1;
    }

    private static String attributesOf(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? "unix:isRegularFile,size,lastModifiedTime,ctime,ino,dev"
                : "isRegularFile,size,lastModifiedTime,fileKey";
    }

    /**
     * The content of the file, if it is other than last time; empty if it is the same.
     *
     * @throws IOException if there is none that could be used; next time, whatever there is counts as changed
     */
    Optional<byte[]> changed() throws IOException {
        try {
            return compare(stamp());
        } catch (IOException e) {
            forget();
            throw e;
        }
    }

    /** Makes whatever the file holds next time count as changed. */
    void forget() {
        stamp = Map.of();
        content = Optional.empty();
    }

    private Optional<byte[]> compare(Map<String, Object> now) throws IOException {
        looksToCompare = now.equals(stamp) ? looksToCompare - 1 : looksPerTick;
        if (looksToCompare < 0) {
            looksToCompare = 0;
            return Optional.empty();
        }
        byte[] bytes = readWhole(now);
        boolean same = content.isPresent() && Arrays.equals(content.get(), bytes);
        stamp = now;
        content = Optional.of(bytes);
        return same ? Optional.empty() : content;
    }

    private Map<String, Object> stamp() throws IOException {
        return Files.readAttributes(path, attributes);
    }

    /** All of the file, provided that it is still what it was when {@code before} was taken. */
    private byte[] readWhole(Map<String, Object> before) throws IOException {
        refuseIf(!Boolean.TRUE.equals(before.get("isRegularFile")), "is not a regular file");
        refuseIf(before.get("size") instanceof Long size && size > LARGEST, TOO_LARGE);
        byte[] bytes = read();
        refuseIf(bytes.length > LARGEST, TOO_LARGE);
        refuseIf(!before.equals(stamp()), "changed while it was being read");
        return bytes;
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(LARGEST + 1);
        }
    }

    private static void refuseIf(boolean bad, String why) throws UnusableException {
        if (bad) {
            throw new UnusableException(why);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
