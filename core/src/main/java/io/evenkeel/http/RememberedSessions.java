package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.balance.Attempt;
import io.evenkeel.http.Cookies.SetCookie;
import io.evenkeel.http.StickTable.Slot;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests with equal keys belong to the replica that answered the first of them, or that set the cookie which is their key. One that was
 * never seen is placed by consistent hashing, as it would be by every other client.
 */
record RememberedSessions(SessionKey key, StickTable table, Pinning pinning) implements Sessions {

    @Override
    public Own of(HttpRequest request) {
        Optional<String> own = key.of(request);
        return balancer ->
                own.isEmpty() && key.cookie().isEmpty() ? Session.NONE : new Remembered(balancer.name(), own);
    }

    private final class Remembered implements Session {

        private final String balancer;
        private final Optional<String> own;
        private final Optional<Slot> slot;
        /** Where the last attempt was asked to go. */
        private volatile @Nullable String pin;

        Remembered(String balancer, Optional<String> own) {
            this.balancer = balancer;
            this.own = own;
            this.slot = own.map(value -> Slot.of(balancer, value));
        }

        @Override
        public Call place(Call call) {
            String endpoint = slot.flatMap(table::get).orElse(null);
            pin = endpoint;
            Call keyed = own.map(call::withKey).orElse(call);
            return endpoint == null ? keyed : pinning.to(endpoint, keyed);
        }

        @Override
        public HttpHeaders answered(HttpResponse<?> response, Attempt attempt) {
            SetCookie set = key.cookie()
                    .flatMap(name -> Cookies.set(response.headers(), name))
                    .orElse(null);
            if (set != null && set.isEnd()) {
                slot.ifPresent(table::forget);
            } else if (set != null && !set.value().equals(own.orElse(null))) {
                table.put(Slot.of(balancer, set.value()), attempt.endpoint().id());
            } else if (attempt.ofStatus(response.statusCode()) == Outcome.SUCCESS) {
                slot.ifPresent(known -> learn(known, attempt));
            }
            return response.headers();
        }

        /** A key stays where it belongs, though one call went elsewhere, until that replica is gone. */
        private void learn(Slot known, Attempt attempt) {
            String before = pin;
            if (before == null) {
                table.putIfAbsent(known, attempt.endpoint().id());
            } else if (attempt.standsIn()) {
                table.replace(known, before, attempt.endpoint().id());
            }
        }
    }
}
