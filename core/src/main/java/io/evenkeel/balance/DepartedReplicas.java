package io.evenkeel.balance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Remembers replicas that left the list, so that one that returns is not forgiven early. Bounded and expiring. */
final class DepartedReplicas {

    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Cache<String, Replica> byId;

    DepartedReplicas(LongSupplier clock) {
        byId = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(LONGEST)
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    void put(Replica replica) {
        byId.put(replica.id(), replica);
    }

    Optional<Replica> takeBack(String id) {
        return Optional.ofNullable(byId.asMap().remove(id));
    }
}
