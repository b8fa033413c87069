package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Asks each question on a thread of its own, which blocks; an interrupt ends all of them. One that nobody answers holds the others back for a while only: it has then failed.
 */
record Parallel(Resolver resolver, ExecutorService threads, Patience patience, LongSupplier clock) implements Asking {

    /**
     * How long to wait.
     *
     * @param first for the next answer, as long as none has brought records
     * @param next for the next answer after that
     * @param all for all together
     */
    record Patience(Duration first, Duration next, Duration all) {}

    private record Answered(Question question, Reply reply) {}

    @Override
    public Map<Question, Reply> ask(Collection<Question> questions) throws InterruptedException {
        Wait wait = new Wait();
        CompletionService<Answered> answers = new ExecutorCompletionService<>(threads);
        List<Future<Answered>> asked = questions.stream()
                .map(question -> answers.submit(() -> new Answered(question, ask(question))))
                .toList();
        try {
            Map<Question, Reply> replies = gather(answers, asked.size(), wait);
            questions.forEach(question -> replies.computeIfAbsent(question, Parallel::tooLate));
            return replies;
        } finally {
            asked.forEach(each -> each.cancel(true));
        }
    }

    private Map<Question, Reply> gather(CompletionService<Answered> answers, int count, Wait wait)
            throws InterruptedException {
        Map<Question, Reply> replies = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Future<Answered> next = answers.poll(wait.leftNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            Answered answered = next.resultNow();
            replies.put(answered.question(), answered.reply());
            wait.hear(answered.reply());
        }
        return replies;
    }

    private Reply ask(Question question) throws InterruptedException {
        try {
            return resolver.answer(question);
        } catch (IOException | RuntimeException e) {
            return new Reply.Failure(e);
        }
    }

    private static Reply tooLate(Question question) {
        return new Reply.Failure(new IOException(question + ": is not answered in time"));
    }

    /** Until when to wait for the next answer. A failure is none: many may come, each after a long time. */
    private final class Wait {

        private final long began = clock.getAsLong();
        private long heard = began;
        private Duration next = patience.first();

        void hear(Reply reply) {
            if (reply instanceof Reply.Answer answer) {
                heard = clock.getAsLong();
                next = answer.records().isEmpty() ? next : patience.next();
            }
        }

        long leftNanos() {
            long now = clock.getAsLong();
            return Math.min(next.toNanos() - (now - heard), patience.all().toNanos() - (now - began));
        }
    }
}
