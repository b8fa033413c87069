package io.evenkeel.discovery.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEndpointsTest {

    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:8080");
    private static final String LIST_OF_A = "[\"http://10.0.0.1:8080\"]";
    private static final String LIST_OF_B = "[\"http://10.0.0.2:8080\"]";
    private static final String LIST_OF_BOTH = "[\"http://10.0.0.1:8080\", \"http://10.0.0.2:8080\"]";

    @TempDir
    private Path folder;

    private final HandDrivenScheduler scheduler = new HandDrivenScheduler();
    private final Heard heard = new Heard();
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("orders.json");
    }

    // What is noticed

    @Test
    void theFileIsReadBeforeWatchReturns() {
        write(LIST_OF_BOTH);

        watch();

        assertThat(heard.lists()).containsExactly(List.of(A, B));
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anAtomicReplacementIsSeenAtTheNextLook() {
        watchFileOf(LIST_OF_A);

        replace(LIST_OF_BOTH);
        look();

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A, B));
    }

    @Test
    void aWriteInPlaceIsSeenAtTheNextLook() {
        watchFileOf(LIST_OF_A);

        write(LIST_OF_BOTH);
        look();

        assertThat(heard.current()).containsExactly(A, B);
    }

    @Test
    void aRewriteOfTheSameSizeAndTimeIsSeen() throws IOException {
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        write(LIST_OF_A);
        Files.setLastModifiedTime(file, time);
        watch();

        write(LIST_OF_B);
        Files.setLastModifiedTime(file, time);
        look();

        assertThat(heard.current()).containsExactly(B);
    }

    @Test
    void aRewriteOfTheSameSizeAndTimeIsSeenLongAfterwardsWhereTheFileSystemTells() throws IOException {
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("unix");
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        write(LIST_OF_A);
        Files.setLastModifiedTime(file, time);
        watch();
        scheduler.advance(Duration.ofMinutes(1));

        write(LIST_OF_B);
        Files.setLastModifiedTime(file, time);
        look();

        assertThat(heard.current()).containsExactly(B);
    }

    @Test
    void aReplacementOfTheSameSizeAndTimeIsSeenLongAfterwards() throws IOException {
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        write(LIST_OF_A);
        Files.setLastModifiedTime(file, time);
        watch();
        scheduler.advance(Duration.ofMinutes(1));

        Path next = Files.writeString(folder.resolve("next"), LIST_OF_B);
        Files.setLastModifiedTime(next, time);
        Files.move(next, file, ATOMIC_MOVE);
        look();

        assertThat(heard.current()).containsExactly(B);
    }

    @Test
    void aSwitchedSymbolicLinkIsSeen() throws IOException {
        Path old = Files.createDirectory(folder.resolve("..2026_01"));
        Path young = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(old.resolve("orders.json"), LIST_OF_A);
        Files.writeString(young.resolve("orders.json"), LIST_OF_B);
        Path data = Files.createSymbolicLink(folder.resolve("..data"), old.getFileName());
        Files.createSymbolicLink(file, Path.of("..data", "orders.json"));
        watch();
        scheduler.advance(Duration.ofMinutes(1));

        Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), young.getFileName());
        Files.move(swap, data, ATOMIC_MOVE);
        look();

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(B));
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aFileThatSaysTheSameAgainIsNoNews() {
        watchFileOf(LIST_OF_BOTH);

        replace(LIST_OF_BOTH.replace(" ", "\n\n"));
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void anEmptyListIsPublished() {
        watchFileOf(LIST_OF_A);

        replace("[]");
        look();

        assertThat(heard.current()).isEmpty();
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void changesAreSeenOneByOne() {
        watchFileOf(LIST_OF_A);

        for (int i = 1; i <= 50; i++) {
            replace("[{\"uri\": \"http://10.0.0.1:8080\", \"weight\": " + i + "}]");
            look();
            assertThat(heard.current()).containsExactly(A.withWeight(i));
        }
    }

    // What is wrong

    @Test
    void aBrokenFileKeepsTheLastGoodList() {
        watchFileOf(LIST_OF_A);

        replace("[\"http://10.0.0.2:8080\"");
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).hasSize(1).first().asString().startsWith(file + ": is not JSON: ");
    }

    @Test
    void aBrokenFileIsReportedAtTheSecondLookAndThenNoMore() {
        watchFileOf(LIST_OF_A);

        replace("{}");
        look();
        assertThat(heard.troubles()).isEmpty();

        look();
        assertThat(heard.messages())
                .containsExactly(file + ": is neither a list nor an object with a list named endpoints");

        scheduler.advance(Duration.ofHours(1));
        assertThat(heard.troubles()).hasSize(1);
    }

    @Test
    void anotherFaultIsReportedToo() {
        watchFileOf(LIST_OF_A);

        replace("{}");
        lookTwice();
        replace("");
        lookTwice();

        assertThat(heard.messages())
                .containsExactly(
                        file + ": is neither a list nor an object with a list named endpoints", file + ": is empty");
    }

    @Test
    void aMendedFileIsPublishedEvenIfItSaysTheSameAsBefore() {
        watchFileOf(LIST_OF_A);
        replace("broken");
        lookTwice();

        replace(LIST_OF_A);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A));
        assertThat(heard.troubles()).hasSize(1);
    }

    @Test
    void aFaultThatComesBackIsReportedAgain() {
        watchFileOf(LIST_OF_A);
        replace("");
        lookTwice();
        replace(LIST_OF_A);
        look();

        replace("");
        lookTwice();

        assertThat(heard.messages()).containsExactly(file + ": is empty", file + ": is empty");
    }

    @Test
    void aFileCaughtHalfWrittenRaisesNoAlarm() throws IOException {
        watchFileOf(LIST_OF_A);

        write(LIST_OF_BOTH.substring(0, 30));
        look();
        Files.writeString(file, LIST_OF_BOTH.substring(30), APPEND);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A, B));
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anEntryOfYamlThatIsCaughtHalfWrittenIsNotTaken() throws IOException {
        file = folder.resolve("orders.yaml");
        watchFileOf("- http://10.0.0.1:8080\n");

        write("- http://10.0.0.1:8080\n- http://10.0.0.2:80");
        look();
        Files.writeString(file, "80\n", APPEND);
        look();

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A, B));
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aListOfYamlWhoseLastLineDoesNotEndIsTakenAtTheSecondLook() throws IOException {
        file = folder.resolve("orders.yaml");
        watchFileOf("- http://10.0.0.1:8080");
        write("- http://10.0.0.2:8080");

        look();
        assertThat(heard.lists()).containsExactly(List.of(A));
        look();
        assertThat(heard.lists()).containsExactly(List.of(A), List.of(B));
    }

    @Test
    void aFileMissingAtTheStartIsReportedAtOnceAndUsedWhenItAppears() {
        watch();
        assertThat(heard.messages()).containsExactly(file + ": does not exist");
        assertThat(heard.troubles().getFirst()).hasCauseInstanceOf(NoSuchFileException.class);

        scheduler.advance(Duration.ofMinutes(1));
        assertThat(heard.troubles()).hasSize(1);

        replace(LIST_OF_A);
        look();
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @Test
    void aDeletedFileKeepsTheLastGoodList() throws IOException {
        watchFileOf(LIST_OF_A);

        Files.delete(file);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).containsExactly(file + ": does not exist");
    }

    @Test
    void aFileThatIsMovedAwayForOneLookOnlyIsNoNews() throws IOException {
        watchFileOf(LIST_OF_A);

        Path away = Files.move(file, folder.resolve("away"));
        look();
        Files.move(away, file);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aFileThatIsMovedAwayAndBackIsUsedAgain() throws IOException {
        watchFileOf(LIST_OF_A);

        Path away = Files.move(file, folder.resolve("away"));
        lookTwice();
        Files.move(away, file);
        look();

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A));
        assertThat(heard.messages()).containsExactly(file + ": does not exist");
    }

    @Test
    void whatNobodyExpectedIsReportedAndTheWatchGoesOn() {
        FileWatch watch = new FileWatch(new WatchedFile(file, INTERVAL, "no such attribute"), Form.JSON, heard);

        assertThatCode(watch::run).doesNotThrowAnyException();

        assertThat(heard.messages())
                .singleElement()
                .asString()
                .startsWith(file + ": cannot be read: java.lang.IllegalArgumentException");
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        Files.createDirectory(file);

        watch();

        assertThat(heard.messages()).containsExactly(file + ": is not a regular file");
    }

    @Test
    void aFileOfMoreThan16MiBIsRefusedAndOneOf16MiBIsNot() {
        write(LIST_OF_A + " ".repeat((16 << 20) - LIST_OF_A.length()));
        watch();
        assertThat(heard.lists()).containsExactly(List.of(A));

        write(LIST_OF_B + " ".repeat((16 << 20) - LIST_OF_B.length() + 1));
        lookTwice();
        assertThat(heard.messages()).containsExactly(file + ": is larger than 16 MiB");
    }

    @Test
    void aBadEntryIsDroppedAndReportedAndTheRestUsed() {
        watchFileOf("[{\"uri\": \"http://10.0.0.3:8080\", \"weight\": -1}, \"http://10.0.0.1:8080\"]");
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages())
                .containsExactly(file + ": entry 0 is dropped: weight is -1.0, but must be 0 to 1000000");
    }

    @Test
    void theSameBadEntryIsReportedOnceHoweverOftenTheRestChanges() {
        watchFileOf("[7, \"http://10.0.0.1:8080\"]");
        replace("[7, \"http://10.0.0.2:8080\"]");
        look();

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(B));
        assertThat(heard.messages())
                .containsExactly(file + ": entry 0 is dropped: it is 7, but must be a URI or an object");
    }

    @Test
    void anErrorIsNeverPublishedAsAnEmptyList() {
        watchFileOf(LIST_OF_A);

        replace("[\"10.0.0.1\", null]");
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages())
                .singleElement()
                .asString()
                .startsWith(file + ": has no usable entry: entry 0 is dropped: ");
    }

    @Test
    void anUnknownFieldIsReportedAndItsEntryUsed() {
        watchFileOf("[{\"uri\": \"http://10.0.0.1:8080\", \"wieght\": 3}]");

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages())
                .containsExactly(file + ": entry 0 has an unknown field \"wieght\", which is ignored");
    }

    @Test
    void entriesWithTheSameIdAreLeftToTheListener() {
        watchFileOf("[\"http://10.0.0.1:8080\", \"http://10.0.0.1:8080\"]");

        assertThat(heard.current()).containsExactly(A, A);
        assertThat(heard.troubles()).isEmpty();
    }

    // Listeners and ends

    @Test
    void aListenerThatThrowsIsToldAndGoesOnHearing() {
        Heard stubborn = new Heard();
        EndpointSource.Listener throwing = new EndpointSource.Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                stubborn.endpoints(all);
                throw new AssertionError("no lists, please");
            }

            @Override
            public void failed(Exception cause) {
                stubborn.failed(cause);
                throw new IllegalStateException("no troubles either");
            }
        };
        write(LIST_OF_A);
        source().watch(throwing);

        replace(LIST_OF_B);
        look();
        replace("");
        lookTwice();
        replace(LIST_OF_A);
        look();

        assertThat(stubborn.lists()).containsExactly(List.of(A), List.of(B), List.of(A));
        assertThat(stubborn.messages())
                .hasSize(4)
                .contains(file + ": is empty")
                .contains("the listener threw when it was given the list in " + file);
        assertThat(stubborn.troubles().getFirst()).hasRootCauseMessage("no lists, please");
    }

    @Test
    void aListThatTheListenerRefusedIsPublishedAgain() {
        List<List<Endpoint>> taken = new ArrayList<>();
        EndpointSource.Listener busyAtFirst = new EndpointSource.Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                if (heard.troubles().isEmpty()) {
                    throw new IllegalStateException("not yet");
                }
                taken.add(all);
            }

            @Override
            public void failed(Exception cause) {
                heard.failed(cause);
            }
        };
        write(LIST_OF_A);
        source().watch(busyAtFirst);
        assertThat(taken).isEmpty();
        look();
        look();
        assertThat(taken).containsExactly(List.of(A));
    }

    @Test
    void aClosedWatchHearsNothingMore() {
        write(LIST_OF_A);
        EndpointSource.Watch watch = source().watch(heard);

        watch.close();
        watch.close();
        replace(LIST_OF_B);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(scheduler.waiting()).isZero();
        assertThat(scheduler.isShutdown()).isFalse();
    }

    @Test
    void aWatchMayBeClosedByItsListener() {
        write("[7, " + LIST_OF_A.substring(1));
        Heard once = new Heard();
        EndpointSource.Watch[] watch = new EndpointSource.Watch[1];
        watch[0] = source().watch(new EndpointSource.Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                once.endpoints(all);
                if (watch[0] != null) {
                    watch[0].close();
                }
            }

            @Override
            public void failed(Exception cause) {
                once.failed(cause);
            }
        });

        replace("[7, 8, " + LIST_OF_B.substring(1));
        look();
        replace(LIST_OF_A);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(once.lists()).containsExactly(List.of(A), List.of(B));
        assertThat(once.troubles()).hasSize(2); // each came with its list
        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void eachWatchHearsForItself() {
        write(LIST_OF_A);
        FileEndpoints source = source();
        Heard other = new Heard();
        source.watch(heard).close();
        source.watch(other);

        replace(LIST_OF_B);
        look();

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(other.lists()).containsExactly(List.of(A), List.of(B));
    }

    @Test
    void aSchedulerThatWasShutDownIsRefused() {
        write(LIST_OF_A);
        scheduler.shutdown();

        assertThatThrownBy(this::watch).isInstanceOf(RejectedExecutionException.class);
    }

    // Settings

    @Test
    void theIntervalIsTheOneSet() {
        write(LIST_OF_A);
        source().withPollInterval(Duration.ofSeconds(5)).watch(heard);

        replace(LIST_OF_B);
        scheduler.advance(Duration.ofMillis(4_999));
        assertThat(heard.current()).containsExactly(A);

        scheduler.advance(Duration.ofMillis(1));
        assertThat(heard.current()).containsExactly(B);
    }

    @Test
    void anIntervalOutOfRangeIsRefusedByName() {
        FileEndpoints source = FileEndpoints.at(file);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withPollInterval(Duration.ofMillis(9)))
                .withMessage("pollInterval is PT0.009S, but must be PT0.01S to PT1H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withPollInterval(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThatIllegalArgumentException().isThrownBy(() -> source.withPollInterval(Duration.ofHours(-1)));
        assertThatCode(() -> source.withPollInterval(Duration.ofMillis(10))).doesNotThrowAnyException();
        assertThatCode(() -> source.withPollInterval(Duration.ofHours(1))).doesNotThrowAnyException();
    }

    @Test
    void nullIsRefused() {
        FileEndpoints source = FileEndpoints.at(file);

        assertThatNullPointerException().isThrownBy(() -> FileEndpoints.at(null));
        assertThatNullPointerException().isThrownBy(() -> source.withPollInterval(null));
        assertThatNullPointerException().isThrownBy(() -> source.withScheduler(null));
        assertThatNullPointerException().isThrownBy(() -> source.watch(null));
    }

    @Test
    void itSaysWhatItWatches() {
        assertThat(FileEndpoints.at(Path.of("orders.json")))
                .hasToString("FileEndpoints[" + Path.of("orders.json").toAbsolutePath() + " every PT0.25S]");
    }

    // Words of these tests

    private FileEndpoints source() {
        return FileEndpoints.at(file).withScheduler(scheduler);
    }

    private void watch() {
        source().watch(heard);
    }

    private void watchFileOf(String text) {
        write(text);
        watch();
    }

    private void look() {
        scheduler.advance(INTERVAL);
    }

    private void lookTwice() {
        look();
        look();
    }

    private void write(String text) {
        TempFiles.write(file, text);
    }

    private void replace(String text) {
        TempFiles.replace(file, text);
    }
}
