package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ValuesTest {

    private static final Endpoint ENDPOINT = Endpoint.of("http://orders");

    @Test
    void exceptionsOfRefusalCarryNoStackTrace() {
        IOException cause = new IOException("real");
        for (IOException refusal :
                List.of(new NoEndpointException("nobody", cause), new OverloadedException("busy", cause))) {
            assertThat(refusal.getStackTrace()).isEmpty();
            assertThat(refusal).hasCause(cause);
            refusal.addSuppressed(new IOException("earlier"));
            assertThat(refusal.getSuppressed()).hasSize(1);
        }
        assertThat(new NoEndpointException("nobody", null)).hasMessage("nobody").hasNoCause();
    }

    @Test
    void aSourceWithOneListPublishesItOnce() {
        List<Endpoint> given = new ArrayList<>(List.of(ENDPOINT));
        EndpointSource source = EndpointSource.of(given);
        given.clear();
        List<List<Endpoint>> heard = new ArrayList<>();
        EndpointSource.Watch watch = source.watch(new EndpointSource.Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                heard.add(all);
            }

            @Override
            public void failed(Exception cause) {
                throw new AssertionError(cause);
            }
        });
        watch.close();
        watch.close();
        assertThat(heard).containsExactly(List.of(ENDPOINT));
    }

    @Test
    void anExplanationIsALineForEachEndpoint() {
        Explanation explanation = new Explanation(
                "orders",
                "least request",
                true,
                List.of(
                        new Explanation.Candidate(ENDPOINT, true, 2, 3, OptionalDouble.of(1.5), ""),
                        new Explanation.Candidate(
                                ENDPOINT.withId("pod-2"), false, 1, 0, OptionalDouble.empty(), "EJECTED refused")));
        assertThat(explanation.toString().lines())
                .containsExactly(
                        "orders, least request, panic: all are used",
                        "  may be chosen  http://orders:80  weight 2.0, in flight 3, score 1.5",
                        "  excluded       pod-2  weight 1.0, in flight 0: EJECTED refused");
    }

    @Test
    void statsKeepTheirLines() {
        EndpointStats line = new EndpointStats(ENDPOINT, EndpointState.UP, "", 1, 0, 1, 2, 3, 4, 5);
        List<EndpointStats> lines = new ArrayList<>(List.of(line));
        BalancerStats stats = new BalancerStats(
                "orders", true, false, Condition.HEALTHY, 10, 1, 0, Optional.empty(), Optional.empty(), lines);
        List<Explanation.Candidate> candidates = new ArrayList<>();
        Explanation explanation = new Explanation("orders", "random", false, candidates);
        lines.clear();
        candidates.add(null);
        assertThat(stats.endpoints()).containsExactly(line);
        assertThat(explanation.candidates()).isEmpty();
    }

    /** Every method has an empty default: an observer of nothing may be told everything. */
    @Test
    void anObserverOfNothingMayBeToldEverything() {
        Observer observer = Observer.none();
        observer.endpointsChanged(new Observer.EndpointsChanged("orders", List.of(), List.of(), List.of(), 0));
        observer.listHeld(new Observer.ListHeld("orders", List.of(), "empty"));
        observer.sourceFailed(new Observer.SourceFailed("orders", new IOException()));
        observer.sourceRecovered(new Observer.SourceRecovered("orders", Duration.ofSeconds(1)));
        observer.stateChanged(
                new Observer.StateChanged("orders", ENDPOINT, EndpointState.UP, EndpointState.OPEN, "failed"));
        observer.conditionChanged(
                new Observer.ConditionChanged("orders", Condition.HEALTHY, Condition.PANIC, "1 of 3"));
        observer.wouldHaveTakenOut(new Observer.WouldHaveTakenOut("orders", ENDPOINT, EndpointState.EJECTED, "slow"));
        observer.attemptEnded(ENDPOINT, Outcome.SUCCESS, 1);
        assertThat(observer).isNotNull();
    }
}
