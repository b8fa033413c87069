package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers to which endpoint each key belongs: so many keys, each until it was not used for so long. When there are too many, those used
 * least go, so that a flood of keys that come once does not wash away those that come often.
 *
 * <p>Keys may be secret and may be long, so it holds their hashes: whoever chose keys that meet would only share a replica.
 *
 * <p>Threads: any.
 */
final class StickTable {

    private final Cache<Slot, String> endpoints;

    /** The place of one key: 128 bits of its SHA-256. */
    record Slot(long high, long low) {

        static Slot of(String balancer, String key) {
            MessageDigest digest = sha256();
            digest.update(balancer.getBytes(UTF_8));
            digest.update((byte) 0); // no name has it
            ByteBuffer bytes = ByteBuffer.wrap(digest.digest(key.getBytes(UTF_8)));
            return new Slot(bytes.getLong(), bytes.getLong());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    StickTable(int most, Duration idle, LongSupplier clock) {
        this.endpoints = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(idle)
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** The id of the endpoint to which the key belongs. That counts as a use. */
    Optional<String> get(Slot slot) {
        return Optional.ofNullable(endpoints.getIfPresent(slot));
    }

    /** From now on the key belongs there. */
    void put(Slot slot, String id) {
        endpoints.put(slot, id);
    }

    /** The same, unless it belongs somewhere already. */
    void putIfAbsent(Slot slot, String id) {
        endpoints.asMap().putIfAbsent(slot, id);
    }

    /** The same, if it belonged to {@code gone} until now: of two calls that found it gone, one tells where it belongs. */
    void replace(Slot slot, String gone, String id) {
        endpoints.asMap().replace(slot, gone, id);
    }

    void forget(Slot slot) {
        endpoints.invalidate(slot);
    }

    /** How many keys it holds, at most as many as it may. */
    long size() {
        endpoints.cleanUp();
        return endpoints.estimatedSize();
    }
}
