package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Asks each question on a thread of its own, which blocks; an interrupt ends all of them. */
record Parallel(Resolver resolver, ExecutorService threads) implements Asking {

    @Override
    public Map<Question, Reply> ask(Collection<Question> questions) throws InterruptedException {
        List<Question> asked = List.copyOf(questions);
        List<Callable<Reply>> tasks = asked.stream()
                .<Callable<Reply>>map(question -> () -> ask(question))
                .toList();
        List<Future<Reply>> replies = threads.invokeAll(tasks);
        Map<Question, Reply> all = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            all.put(asked.get(i), replies.get(i).resultNow());
        }
        return all;
    }

    private Reply ask(Question question) throws InterruptedException {
        try {
            return resolver.answer(question);
        } catch (IOException | RuntimeException e) {
            return new Reply.Failure(e);
        }
    }
}
