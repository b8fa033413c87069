package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.discovery.dns.Parallel.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** For how long many questions wait for each other. The clock stands still unless a name server moves it. */
@Timeout(20)
class ParallelTest {

    private static final Duration LONG = Duration.ofDays(1);
    private static final Question A = Records.question("A orders.");
    private static final Question AAAA = Records.question("AAAA orders.");
    private static final NameServer SILENT = question -> {
        new CountDownLatch(1).await();
        throw new IOException("unreachable");
    };

    private final ExecutorService threads = Defaults.threads();
    private final AtomicLong now = new AtomicLong();
    private final Map<Question, NameServer> servers = new ConcurrentHashMap<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Map<Question, Reply> ask(Duration first, Duration next, Duration all) throws InterruptedException {
        Resolver resolver = new Resolver(question -> servers.get(question).ask(question), new SearchPath(List.of(), 1));
        return new Parallel(resolver, threads, new Patience(first, next, all), now::get).ask(List.of(A, AAAA));
    }

    /** Answers, and then it is so much later. */
    private NameServer after(Duration time, String... lines) {
        return question -> {
            Message answer = Records.message(Rcode.NOERROR, lines);
            now.addAndGet(time.toNanos());
            return answer;
        };
    }

    private static void assertTooLate(Reply reply, String question) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failure.class,
                        failure -> assertThat(failure.cause()).hasMessage(question + ": is not answered in time"));
    }

    @Test
    void whatIsAnsweredIsWaitedFor() throws Exception {
        servers.put(A, after(LONG, "orders. 5 A 10.0.0.1"));
        servers.put(AAAA, after(LONG));
        assertThat(ask(LONG.multipliedBy(3), LONG.multipliedBy(3), LONG.multipliedBy(3))
                        .values())
                .hasSize(2)
                .allMatch(Reply.Answer.class::isInstance);
    }

    @Test
    void onceThereAreRecordsWhatIsNotAnsweredHasFailed() throws Exception {
        servers.put(A, after(Duration.ZERO, "orders. 5 A 10.0.0.1"));
        servers.put(AAAA, SILENT);
        Map<Question, Reply> replies = ask(LONG, Duration.ofMillis(1), LONG);
        assertThat(replies.get(A)).isInstanceOf(Reply.Answer.class);
        assertTooLate(replies.get(AAAA), "AAAA orders.");
    }

    @Test
    void anAnswerWithoutRecordsHurriesNobody() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        servers.put(AAAA, question -> {
            answered.countDown();
            return Records.message(Rcode.NOERROR);
        });
        servers.put(A, question -> {
            answered.await();
            return Records.message(Rcode.NOERROR, "orders. 5 A 10.0.0.1");
        });
        assertThat(new HashMap<>(ask(LONG, Duration.ZERO, LONG)).get(A)).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void ifNobodyAnswersAllHaveFailed() throws Exception {
        servers.put(A, SILENT);
        servers.put(AAAA, SILENT);
        Map<Question, Reply> replies = ask(Duration.ofMillis(1), LONG, LONG);
        assertTooLate(replies.get(A), "A orders.");
        assertTooLate(replies.get(AAAA), "AAAA orders.");
    }

    @Test
    void aFailureIsNoAnswerToWaitFor() throws Exception {
        servers.put(A, question -> {
            now.addAndGet(LONG.toNanos());
            throw new IOException("is dead");
        });
        servers.put(AAAA, SILENT);
        assertTooLate(ask(LONG, LONG, LONG.multipliedBy(2)).get(AAAA), "AAAA orders.");
    }

    @Test
    void allTogetherAreWaitedForNoLongerThanThat() throws Exception {
        servers.put(A, after(LONG, "orders. 5 A 10.0.0.1"));
        servers.put(AAAA, SILENT);
        assertTooLate(ask(LONG.multipliedBy(2), LONG, LONG).get(AAAA), "AAAA orders.");
    }

    @Test
    void anInterruptEndsAllOfThem() {
        servers.put(A, SILENT);
        servers.put(AAAA, SILENT);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> ask(LONG, LONG, LONG));
    }
}
