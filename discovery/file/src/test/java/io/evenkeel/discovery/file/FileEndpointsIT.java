package io.evenkeel.discovery.file;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the thread and the clock that users get. */
class FileEndpointsIT {

    @TempDir
    private Path folder;

    private final Queue heard = new Queue();
    private EndpointSource.Watch watch;
    private Path file;

    @BeforeEach
    void watchAFile() throws InterruptedException {
        file = folder.resolve("orders.json");
        TempFiles.write(file, "[\"http://10.0.0.1:8080\"]");
        watch = FileEndpoints.at(file).watch(heard);
        assertThat(heard.next()).containsExactly(Endpoint.of("http://10.0.0.1:8080"));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @RepeatedTest(5)
    void anAtomicReplacementIsNoticed() throws InterruptedException {
        TempFiles.replace(file, "[\"http://10.0.0.2:8080\"]");
        assertThat(heard.next()).containsExactly(Endpoint.of("http://10.0.0.2:8080"));
    }

    @Test
    void eachWatchHasADaemonThreadThatEndsWithIt() throws InterruptedException {
        TempFiles.replace(file, "[\"http://10.0.0.2:8080\"]");
        heard.next();
        Thread thread = heard.caller;
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("evenkeel-file-orders.json");

        watch.close();
        watch.close();

        thread.join(SECONDS.toMillis(10));
        assertThat(thread.isAlive()).isFalse();
    }

    /** A listener that hands its lists to the test's thread. */
    private static final class Queue implements EndpointSource.Listener {

        private final BlockingQueue<List<Endpoint>> lists = new LinkedBlockingQueue<>();
        private volatile Thread caller;

        @Override
        public void endpoints(List<Endpoint> all) {
            caller = Thread.currentThread();
            lists.add(all);
        }

        @Override
        public void failed(Exception cause) {
            throw new AssertionError(cause);
        }

        private List<Endpoint> next() throws InterruptedException {
            List<Endpoint> next = lists.poll(10, SECONDS);
            assertThat(next).as("a list within 10 s").isNotNull();
            return next;
        }
    }
}
