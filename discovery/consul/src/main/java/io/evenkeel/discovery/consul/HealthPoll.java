package io.evenkeel.discovery.consul;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.Token;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.common.Web;
import io.evenkeel.discovery.common.Web.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What one watch asks: who passes its checks, and from then on what is new, for which the agent keeps it waiting. */
final class HealthPoll implements PollingSource.Poll {

    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final Duration UNTIL_FROM_THE_START = Duration.ofSeconds(1);

    private final HealthQuery query;
    private final String scheme;
    private final Token token;
    private final Web web;
    private final Rate rate;
    private final Cursor cursor = new Cursor();
    private final Told told;
    /** Whether the server that answered last knew a leader. */
    private boolean led = true;

    HealthPoll(HealthQuery query, String scheme, Token token, Web web, Rate rate) {
        this.query = query;
        this.scheme = scheme;
        this.token = token;
        this.web = web;
        this.rate = rate;
        this.told = new Told(Web.server(query.agent()) + "'s answer about " + query.service());
    }

    @Override
    public Duration ask(Listener listener) throws Exception {
        try {
            return askOnce(listener);
        } catch (Throwable e) {
            told.troubled();
            throw e;
        }
    }

    private Duration askOnce(Listener listener) throws IOException, InterruptedException {
        long since = cursor.begin();
        Answer answer = answer(since);
        long index = index(answer);
        if (cursor.hasGoneBackTo(index)) {
            // It may be half of the truth: that is asked for again, from the start, when the registry has had time to
            // find it
            return UNTIL_FROM_THE_START;
        }
        tell(answer, since > 0 && index == since, listener);
        cursor.goOn();
        return rate.next();
    }

    /** A server without a leader may be cut off from all changes: that nothing has changed confirms nothing then. */
    private void tell(Answer answer, boolean same, Listener listener) throws IOException {
        boolean ledBefore = led;
        led = !header(answer, "X-Consul-KnownLeader").equals("false");
        boolean nothingNew = same && led == ledBefore;
        if (led && nothingNew) {
            told.unchanged(listener);
        } else if (led) {
            told.list(listener, list(answer));
        } else if (!nothingNew) {
            told.doubtful(listener, list(answer).withRemark("its server knows no leader, so it may be of any age"));
        }
    }

    private Answer answer(long since) throws IOException, InterruptedException {
        String secret = token.get();
        Map<String, String> headers = secret.isEmpty() ? Map.of() : Map.of("X-Consul-Token", secret);
        Answer answer = web.get(query.uri(since), headers, query.timeout(since));
        if (answer.status() != OK) {
            throw trouble(" answered " + answer.status() + said(answer, secret)
                    + (answer.status() == FORBIDDEN ? "; " + neededRights() : ""));
        }
        return answer;
    }

    /** What it gives as a reason, which is no place for the token: who knows what stands between us and Consul. */
    private static String said(Answer answer, String secret) {
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        String safe = secret.isEmpty() ? text : text.replace(secret, "***");
        return safe.isEmpty() ? "" : ": " + Shown.text(safe);
    }

    private String neededRights() {
        return "the token needs service:read on " + query.service() + ", and node:read";
    }

    private long index(Answer answer) throws IOException {
        String index = header(answer, "X-Consul-Index");
        if (!index.matches("[0-9]{1,18}")) {
            throw trouble("'s answer has the index " + Shown.value(index) + ", but must have a number: is it Consul?");
        }
        return Long.parseLong(index);
    }

    private static String header(Answer answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private EndpointList list(Answer answer) throws IOException {
        EndpointList list;
        try {
            list = Instances.list(answer.body(), scheme);
        } catch (UnusableException e) {
            throw new IOException(told + " " + e.reason(), e);
        }
        if (header(answer, "X-Consul-Results-Filtered-By-ACLs").equals("true")) {
            if (list.endpoints().isEmpty()) {
                throw trouble(" hides all instances; " + neededRights());
            }
            return list.withRemark("it hides some instances; " + neededRights());
        }
        return list;
    }

    private IOException trouble(String what) {
        return new IOException(Web.server(query.agent()) + what);
    }

    @Override
    public void close() {
        web.close();
    }
}
