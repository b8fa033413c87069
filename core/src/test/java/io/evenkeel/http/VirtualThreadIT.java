package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class VirtualThreadIT {

    private static final int THREADS = 200;
    private static final int CALLS_EACH = 5;

    @Test
    void manyVirtualThreadsCallAtOnceAndNoneIsPinnedByUs(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pinned.jfr");
        try (ScriptedServer one = ScriptedServer.answering(200, "one");
                ScriptedServer busy = ScriptedServer.answering(503, "busy");
                ScriptedServer three = ScriptedServer.answering(200, "three");
                Fleet fleet = Fleet.of(settings -> settings.policy(Policy.leastRequest()), one, busy, three);
                Recording recording = new Recording()) {
            callFrom(fleet); // loading a class pins, once
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
            recording.start();
            callFrom(fleet);
            recording.stop();
            recording.dump(file);

            long ended = fleet.balancer().stats().endpoints().stream()
                    .mapToLong(line -> line.successes() + line.failures() + line.overloaded() + line.ignored())
                    .sum();
            assertThat(ended).isGreaterThanOrEqualTo(2 * THREADS * CALLS_EACH);
            assertThat(fleet.inFlight()).isZero();
            assertThat(RecordingFile.readAllEvents(file).stream().filter(VirtualThreadIT::isOurs))
                    .isEmpty();
        }
    }

    private static void callFrom(Fleet fleet) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> calls = IntStream.range(0, THREADS)
                    .mapToObj(thread -> threads.submit(() -> {
                        int answered = 0;
                        for (int call = 0; call < CALLS_EACH; call++) {
                            int status = fleet.get("/" + thread + "/" + call).statusCode();
                            answered += status == 200 || status == 503 ? 1 : 0;
                        }
                        return answered;
                    }))
                    .toList();
            for (Future<Integer> call : calls) {
                assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo(CALLS_EACH);
            }
        }
    }

    /** Whether the library itself waited: the innermost frame outside the JDK's own locks and waits is one of its own. */
    private static boolean isOurs(RecordedEvent event) {
        return event.getStackTrace() != null
                && event.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName())
                        .filter(type -> !type.startsWith("java.") && !type.startsWith("jdk.internal.misc."))
                        .findFirst()
                        .filter(type -> type.startsWith("io.evenkeel.") && !type.contains("IT"))
                        .isPresent();
    }
}
