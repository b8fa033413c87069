package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.random.RandomGenerator;

/** A short list: whoever has the highest score of all. Moves no key without need. */
final class Rendezvous extends ConsistentHash {

    /** So many equal replicas take a pick 0.2 us. A table is faster from some 20 on, but moves more keys, and knows less of their load. */
    static final int MOST = 128;

    private final Scores scores;

    Rendezvous(List<Candidate> all) {
        super(all);
        this.scores = new Scores(hashes(), weights);
    }

    @Override
    int home(long hash) {
        return scores.highest(hash, 0, all.length);
    }

    /** As if those that were tried or are busy had left. */
    @Override
    int elsewhere(long hash, Call call, int home, RandomGenerator random) {
        long inFlight = 0;
        for (Candidate candidate : all) {
            inFlight += candidate.inFlight();
        }
        int best = -1;
        int least = -1;
        double most = 0;
        for (int i = 0; i < all.length; i++) {
            if (call.tried(all[i].endpoint())) {
                continue;
            }
            least = lessBusy(least, i);
            if (withinBound(i, inFlight, weightSum)) {
                double score = scores.score(hash, i);
                if (best < 0 || score > most) {
                    most = score;
                    best = i;
                }
            }
        }
        return best < 0 ? least : best;
    }
}
