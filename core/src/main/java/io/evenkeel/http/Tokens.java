package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.evenkeel.Endpoint;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Names each endpoint by a token that tells nothing of it: a keyed hash of its id, and a keyed hash of that, which shows that the
 * token was made with the secret although nobody is named so any more. Clients that have the same secret give an endpoint the same token.
 *
 * <p>Tokens of listed endpoints are looked up in a map, in a time that depends on what is looked up. No harm: a token proves nothing and opens
 * nothing but the way to one replica, and whoever asks without one is given one.
 *
 * <p>Threads: any.
 */
final class Tokens {

    /** Bytes of each hash: two endpoints share one with a chance of 2^-96, and nobody guesses one. */
    private static final int BYTES = 12;
    /** Characters of each hash. */
    private static final int HALF = 16;

    private static final byte NAME = 'n';
    private static final byte PROOF = 'p';

    private final SecretKey secret;
    private final Supplier<List<Endpoint>> listed;
    /** Of the list that was there when it was made; should two threads make one, either will do. */
    private volatile Known known = new Known(List.of(), Map.of(), Map.of());

    /** The tokens of one list, both ways. */
    private record Known(List<Endpoint> listed, Map<String, String> tokens, Map<String, String> ids) {}

    /** {@code listed} gives the same list until it changes. */
    Tokens(SecretKey secret, Supplier<List<Endpoint>> listed) {
        this.secret = secret;
        this.listed = listed;
    }

    /** The id of the listed endpoint that the token names; nothing if it names none, or is no token at all. */
    Optional<String> endpointOf(String token) {
        return Optional.ofNullable(token.length() == 2 * HALF ? known().ids.get(token) : null);
    }

    /** The token of a listed endpoint. */
    Optional<String> tokenOf(String id) {
        return Optional.ofNullable(known().tokens.get(id));
    }

    /** Whether it was made with the secret, for whatever endpoint. */
    boolean isOurs(String token) {
        if (token.length() != 2 * HALF) {
            return false;
        }
        String proof = proof(token.substring(0, HALF));
        return MessageDigest.isEqual(
                proof.getBytes(US_ASCII), token.substring(HALF).getBytes(US_ASCII));
    }

    /** How many tokens are known. */
    int size() {
        return known().ids.size();
    }

    @SuppressWarnings("ReferenceEquality") // another list is another object
    private Known known() {
        Known before = known;
        List<Endpoint> now = listed.get();
        return before.listed == now ? before : learn(before, now);
    }

    private Known learn(Known before, List<Endpoint> now) {
        Map<String, String> tokens = HashMap.newHashMap(now.size());
        Map<String, String> ids = HashMap.newHashMap(now.size());
        for (Endpoint endpoint : now) {
            String id = endpoint.id();
            String old = before.tokens.get(id);
            String token = old == null ? make(id) : old;
            tokens.put(id, token);
            ids.put(token, id);
        }
        Known made = new Known(now, tokens, ids);
        known = made;
        return made;
    }

    private String make(String id) {
        String name = hash(NAME, id);
        return name + proof(name);
    }

    private String proof(String name) {
        return hash(PROOF, name);
    }

    private String hash(byte purpose, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            mac.update(purpose);
            byte[] hash = Arrays.copyOf(mac.doFinal(text.getBytes(UTF_8)), BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
