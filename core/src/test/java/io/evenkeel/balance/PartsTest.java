package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Observer;
import io.evenkeel.Outcomes;
import io.evenkeel.Outliers;
import io.evenkeel.VirtualTime;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PartsTest {

    private static final Call GOLD = Call.any().withTag("tier", "gold");
    private static final Set<String> HTTPS = Set.of("https");

    /** What a policy was asked for: among how many, and whether it went on from an earlier one. */
    private record Asked(int candidates, boolean goesOn) {}

    private final VirtualTime time = new VirtualTime();
    private final List<Asked> asked = new ArrayList<>();
    private final Updates updates = updates();

    private Updates updates() {
        SplittableRandom random = new SplittableRandom(5);
        Ambient ambient = new Ambient(
                time, () -> random, time, Runnable::run, endpoint -> CompletableFuture.completedFuture(false));
        return new Updates(
                new Engine("orders", ambient, Outcomes.defaults(), Observer.none(), Outliers.defaults(), null, null),
                Bare.settings((all, previous, now, chance) -> selector(all, previous, now)));
    }

    private Selector selector(List<Candidate> all, Optional<Selector> previous, long now) {
        asked.add(new Asked(all.size(), previous.isPresent()));
        return Policy.roundRobin().selector(all, previous, now, new SplittableRandom(5));
    }

    /** So many that speak http and as many that speak https, all of them gold. */
    private void list(int each) {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 1; i <= each; i++) {
            all.add(Endpoint.of("http://10.0.0." + i + ":80").withTag("tier", "gold"));
            all.add(Endpoint.of("https://10.0.0." + i + ":443").withTag("tier", "gold"));
        }
        updates.endpoints(all);
        asked.clear();
    }

    @Test
    void aCallThatHoldsAnOldSnapshotGetsThePartOfTheNewest() {
        list(2);
        Snapshot old = updates.snapshot();
        list(3);
        old.of(HTTPS, GOLD);
        assertThat(asked).containsExactly(new Asked(6, false), new Asked(3, false));
        assertThat(old.of(HTTPS, GOLD)).isSameAs(updates.snapshot().of(HTTPS, GOLD));
        assertThat(asked).hasSize(2);
    }

    @Test
    void theSelectorOfAPartIsForgottenWithThoseOfItsParts() {
        list(2);
        updates.snapshot().of(HTTPS, GOLD);
        time.advance(Duration.ofSeconds(61));
        updates.failed(new IllegalStateException("a reason to look at everything anew"));
        time.advance(Duration.ofSeconds(61));
        updates.failed(new IllegalStateException("another"));
        asked.clear();
        updates.snapshot().of(HTTPS, GOLD);
        assertThat(asked).containsExactly(new Asked(4, false), new Asked(2, false));
    }
}
