package io.evenkeel.balance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The file of a {@link LastList}: read as a whole, and replaced as a whole, so that nobody ever sees half of one, whoever else writes it.
 * Blocks.
 */
final class LastListFile {

    static final int MOST_BYTES = 16 << 20;

    private final Path path;
    private final Path directory;

    /** @throws IllegalArgumentException if it cannot be the path of a file */
    LastListFile(Path file) {
        this.path = file.toAbsolutePath();
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("file is " + file + ", but must name a file in a directory");
        }
        this.directory = parent;
    }

    /** Nothing if there is no such file.
     *
     * @throws IllegalArgumentException saying what is wrong with its content */
    Optional<LastList> read() throws IOException {
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                throw new IllegalArgumentException("it is no regular file"); // one of another kind may never end
            }
            return Optional.of(LastListText.read(bytes()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private byte[] bytes() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("it has more than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /** Others see the old list, or this one. */
    void write(LastList list) throws IOException {
        byte[] bytes = LastListText.of(list);
        if (bytes.length > MOST_BYTES) {
            throw new IOException(
                    "the list has " + bytes.length + " bytes, and more than " + MOST_BYTES + " are not read");
        }
        Path fresh = Files.createTempFile(directory, ".evenkeel-", ".tmp", forOwnerOnly());
        try {
            fill(fresh, bytes);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private FileAttribute<?>[] forOwnerOnly() {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** On the disk before it gets its name: else a crash may leave an empty file of that name. */
    private static void fill(Path fresh, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
