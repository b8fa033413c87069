package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.balance.Attempt;
import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Requests belong to the replica that the token in their cookie names; an answer brings one to whoever has none that does. */
final class TokenSessions implements Sessions {

    private final String cookie;
    private final SecretKey secret;
    private final Pinning pinning;
    /** Those of the client, of which there are as many as it was built with. */
    private final Map<LoadBalancer, Tokens> byBalancer = new ConcurrentHashMap<>();

    TokenSessions(String cookie, SecretKey secret, Pinning pinning) {
        this.cookie = cookie;
        this.secret = secret;
        this.pinning = pinning;
    }

    @Override
    public Own of(HttpRequest request) {
        Optional<String> token = Cookies.sent(request.headers(), cookie);
        boolean secure = request.uri().getScheme().equalsIgnoreCase("https");
        return balancer -> new Named(balancer.name(), tokens(balancer), token, secure);
    }

    private Tokens tokens(LoadBalancer balancer) {
        return byBalancer.computeIfAbsent(balancer, key -> new Tokens(secret, key::endpoints));
    }

    private final class Named implements Session {

        private final String balancer;
        private final Tokens tokens;
        private final Optional<String> token;
        private final boolean secure;
        /** Where the last attempt was asked to go. */
        private volatile @Nullable String pin;

        Named(String balancer, Tokens tokens, Optional<String> token, boolean secure) {
            this.balancer = balancer;
            this.tokens = tokens;
            this.token = token;
            this.secure = secure;
        }

        @Override
        public boolean hasHome() {
            return token.filter(tokens::isOurs).isPresent();
        }

        @Override
        public Call place(Call call) throws NoEndpointException {
            String endpoint = token.flatMap(tokens::endpointOf).orElse(null);
            pin = endpoint;
            if (endpoint == null && pinning.only() && hasHome()) {
                throw new NoEndpointException(
                        balancer + ": the endpoint that the session's token names is not listed any more,"
                                + " and the client's affinity lets it go nowhere else",
                        null);
            }
            return endpoint == null ? call : pinning.to(endpoint, call);
        }

        /** A session stays where it belongs, though one call went elsewhere, until that replica is gone. */
        @Override
        public HttpHeaders answered(HttpResponse<?> response, Attempt attempt) {
            boolean belongsHere = pin == null || attempt.standsIn();
            return belongsHere && attempt.ofStatus(response.statusCode()) == Outcome.SUCCESS
                    ? tokens.tokenOf(attempt.endpoint().id())
                            .map(own -> with(response.headers(), own))
                            .orElseGet(response::headers)
                    : response.headers();
        }

        private HttpHeaders with(HttpHeaders headers, String own) {
            Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            more.putAll(headers.map());
            List<String> cookies = new ArrayList<>(more.getOrDefault("set-cookie", List.of()));
            cookies.add(cookie + "=" + own + "; Path=/; HttpOnly" + (secure ? "; Secure" : ""));
            more.put("set-cookie", cookies);
            return HttpHeaders.of(more, (name, value) -> true);
        }
    }
}
