package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Outliers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restarts with real files, disks that are full or may not be written, and others that write the same file. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RememberingIT {

    private static final int READS = 2_000;

    @TempDir
    Path directory;

    private final List<Path> mounted = new ArrayList<>();
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("orders.last");
    }

    @AfterEach
    void unmount() throws Exception {
        for (Path mount : mounted) {
            run("umount", mount.toString());
        }
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    /** A file system of its own, where this machine lets us have one. */
    private Path mount(String options) throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        int status;
        try {
            status = run("mount", "-t", "tmpfs", "-o", options, "none", mount.toString());
        } catch (IOException e) {
            status = -1;
        }
        assumeThat(status).as("exit status of mount").isZero();
        mounted.add(mount);
        return mount;
    }

    private static LastList list(int n) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 1; i <= n; i++) {
            endpoints.add(World.endpoint(i));
        }
        return new LastList("orders", Instant.parse("2026-03-01T12:00:00Z"), new Lineup(endpoints, Map.of()));
    }

    private LoadBalancer balancer(EndpointSource source) {
        return LoadBalancer.builder("orders")
                .source(source)
                .outliers(Outliers.defaults()
                        .withEjectFor(Duration.ofMinutes(1), Duration.ofMinutes(1))
                        .withProbeEvery(Duration.ofMinutes(1)))
                .remember(file)
                .build();
    }

    private static String greet(Endpoint endpoint) throws IOException {
        new Socket(endpoint.uri().getHost(), endpoint.port()).close();
        return endpoint.id();
    }

    // Restarts.

    @Test
    void aRestartWithADeadSourceBeginsWithTheFileAndWhoWasOutStaysOut() throws Exception {
        try (ServerSocket well = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
            Endpoint good = Endpoint.of("tcp://127.0.0.1:" + well.getLocalPort());
            Endpoint bad = Endpoint.of("tcp://127.0.0.1:" + closedPort());
            try (LoadBalancer before = balancer(EndpointSource.of(List.of(good, bad)))) {
                callUntilEjected(before, bad);
            }
            assertThat(Files.readString(file)).contains(good.id(), bad.id(), "out EJECTED");

            try (LoadBalancer after = balancer(listener -> {
                listener.failed(new ConnectException("no registry"));
                return () -> {};
            })) {
                assertThat(state(after, bad)).isEqualTo(EndpointState.EJECTED);
                for (int i = 0; i < 20; i++) {
                    assertThat(after.<String, IOException>call(RememberingIT::greet))
                            .isEqualTo(good.id());
                }
            }
            assertThat(Files.readString(file)).contains("out EJECTED");
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return once.getLocalPort();
        }
    }

    private static void callUntilEjected(LoadBalancer balancer, Endpoint bad) throws Exception {
        while (state(balancer, bad) != EndpointState.EJECTED) {
            balancer.<String, IOException>call(Call.any().idempotent(), RememberingIT::greet);
        }
    }

    private static EndpointState state(LoadBalancer balancer, Endpoint endpoint) {
        return balancer.stats().endpoints().stream()
                .filter(line -> line.endpoint().equals(endpoint))
                .map(EndpointStats::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFileIsItsOwnersAloneAndNothingElseIsLeft() throws Exception {
        balancer(EndpointSource.of(List.of(World.endpoint(1)))).close();
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryContaining(file::equals);
        assertThat(directory.toFile().list()).hasSize(1);
    }

    // What cannot be read.

    @Test
    void aDirectoryInItsPlaceIsNeitherReadNorReplacedAndHarmsNobody() throws Exception {
        Files.createDirectory(file);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LastListFile(file).read())
                .withMessage("it is no regular file");
        assertThatThrownBy(() -> new LastListFile(file).write(list(1))).isInstanceOf(IOException.class);
        try (LoadBalancer balancer = balancer(EndpointSource.of(List.of(World.endpoint(1))))) {
            balancer.acquire().close();
        }
        assertThat(file).isEmptyDirectory();
        assertThat(directory.toFile().list()).hasSize(1);
    }

    @Test
    void aPipeInItsPlaceIsNotWaitedFor() throws Exception {
        int status;
        try {
            status = run("mkfifo", file.toString());
        } catch (IOException e) {
            status = -1;
        }
        assumeThat(status).as("exit status of mkfifo").isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LastListFile(file).read())
                .withMessage("it is no regular file");
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        Files.write(file, new byte[LastListFile.MOST_BYTES + 1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LastListFile(file).read())
                .withMessage("it has more than 16777216 bytes");
    }

    @Test
    void aFileThatIsMissingIsNoNewsAndOneInPlaceOfItsDirectoryCannotBeWrittenTo() throws Exception {
        assertThat(new LastListFile(directory.resolve("missing").resolve("orders.last")).read())
                .isEmpty();
        Files.createFile(file);
        LastListFile below = new LastListFile(file.resolve("orders.last"));
        assertThatThrownBy(() -> below.write(list(1))).isInstanceOf(IOException.class);
    }

    // What cannot be written.

    @Test
    void aFullDiskLeavesTheOldListAndIsTriedAgain() throws Exception {
        Path disk = mount("size=128k");
        file = disk.resolve("orders.last");
        World world = new World(settings -> settings.remember(file));
        world.list(2);
        world.settle();
        LastList old = new LastListFile(file).read().orElseThrow();
        fill(disk.resolve("filler"));
        world.list(2_000);
        world.pass(Duration.ofSeconds(30));
        assertThat(new LastListFile(file).read()).contains(old);
        assertThat(disk.toFile().list()).containsExactlyInAnyOrder("orders.last", "filler");
        world.acquire().close();

        Files.delete(disk.resolve("filler"));
        world.list(500);
        world.pass(Duration.ofSeconds(10));
        assertThat(new LastListFile(file).read().orElseThrow().lineup().endpoints())
                .hasSize(500);
    }

    private static void fill(Path filler) throws IOException {
        byte[] page = new byte[4_096];
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(Files.size(filler)).isPositive();
        }
    }

    @Test
    void aDiskThatMayNotBeWrittenHarmsNobody() throws Exception {
        file = mount("ro").resolve("orders.last");
        try (LoadBalancer balancer = balancer(EndpointSource.of(List.of(World.endpoint(1))))) {
            balancer.acquire().close();
        }
        assertThat(file).doesNotExist();
    }

    // Others.

    @Test
    void whileOthersWriteAReaderSeesWholeListsOnlyAlsoOfAProcessThatIsKilled() throws Exception {
        new LastListFile(file).write(list(1));
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        CountDownLatch read = new CountDownLatch(1);
        FutureTask<Boolean> here = new FutureTask<>(() -> {
            while (read.getCount() > 0) {
                new LastListFile(file).write(list(100));
            }
            return true;
        });
        Thread.ofPlatform().start(here);
        try {
            readWholeLists(other);
            other.destroyForcibly();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            other.destroyForcibly();
            read.countDown();
            assertThat(here.get()).isTrue();
        }
        assertThat(sizeRead()).isIn(1, 100, 1_000);
    }

    private void readWholeLists(Process other) throws IOException {
        boolean fromOther = false;
        for (int i = 0; i < READS || !fromOther; i++) {
            int size = sizeRead();
            assertThat(size).isIn(1, 100, 1_000);
            fromOther |= size == 1_000;
            assertThat(other.isAlive()).isTrue();
        }
    }

    private int sizeRead() throws IOException {
        return new LastListFile(file).read().orElseThrow().lineup().endpoints().size();
    }

    /** Another process that writes lists of a thousand, until it is killed. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            while (true) {
                new LastListFile(Path.of(arguments[0])).write(list(1_000));
            }
        }
    }
}
