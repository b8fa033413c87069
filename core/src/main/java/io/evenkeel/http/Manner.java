package io.evenkeel.http;

import io.evenkeel.Hedge;
import io.evenkeel.Retry;
import java.time.Duration;
import java.util.Optional;

/** How a route's requests travel, as far as that is not as the balancer has it. */
record Manner(
        Optional<Duration> timeout,
        Optional<Retry> retry,
        Optional<Hedge> hedge,
        Optional<Rewrite> rewrite,
        Optional<Mirror> mirror) {

    static final Manner USUAL =
            new Manner(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Duration LONGEST = Duration.ofDays(36_500);

    Manner {
        if (timeout.isPresent()) {
            check(timeout.get());
        }
    }

    private static void check(Duration timeout) {
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "timeout is " + timeout + ", but must be longer than zero and at most " + LONGEST);
        }
    }

    Manner withTimeout(Duration some) {
        return new Manner(Optional.of(some), retry, hedge, rewrite, mirror);
    }

    Manner withRetry(Retry some) {
        return new Manner(timeout, Optional.of(some), hedge, rewrite, mirror);
    }

    Manner withHedge(Hedge some) {
        return new Manner(timeout, retry, Optional.of(some), rewrite, mirror);
    }

    Manner withRewrite(Rewrite some) {
        return new Manner(timeout, retry, hedge, Optional.of(some), mirror);
    }

    Manner withMirror(Mirror some) {
        return new Manner(timeout, retry, hedge, rewrite, Optional.of(some));
    }

    /** How copies go: once, and nowhere else. */
    Manner ofCopies() {
        return new Manner(timeout, Optional.of(Retry.none()), Optional.of(Hedge.off()), rewrite, Optional.empty());
    }

    /** What is not as usual, each after a comma. */
    @Override
    public String toString() {
        return timeout.map(some -> ", timeout " + some).orElse("")
                + retry.map(some -> ", " + some).orElse("")
                + hedge.map(some -> ", " + some).orElse("")
                + rewrite.map(some -> ", rewritten").orElse("")
                + mirror.map(some -> ", mirrored to " + some.balancer().name()).orElse("");
    }
}
