package io.evenkeel.benchmarks;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Placing a call by its key, and making that ready for a list. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class KeyBenchmark {

    /** How many replicas: by rendezvous up to 64. */
    @Param({"3", "16", "64", "65", "1000", "10000"})
    public int replicas;

    /** Whether their weights differ. */
    @Param({"false", "true"})
    public boolean weighted;

    private final SplittableRandom random = new SplittableRandom(1);
    private List<Candidate> all;
    private List<Candidate> allButOne;
    private Selector selector;
    private Call[] calls;
    private int next;

    private record Idle(Endpoint endpoint, double weight) implements Candidate {
        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public long lastStartedNanos() {
            return 0;
        }

        @Override
        public Object state() {
            return endpoint;
        }
    }

    /** Makes replicas, and more keys than any cache predicts. */
    @Setup
    public void start() {
        all = IntStream.range(0, replicas)
                .<Candidate>mapToObj(
                        i -> new Idle(Endpoint.of("http://replica-" + i + ".example"), weighted ? 1 + i % 5 : 1))
                .toList();
        allButOne = all.subList(1, replicas);
        selector = Policy.consistentHash().selector(all, Optional.empty(), 0, random);
        calls = IntStream.range(0, 1 << 12)
                .mapToObj(i -> Call.any().withKey("user-" + i))
                .toArray(Call[]::new);
    }

    /** The place of the next key. */
    @Benchmark
    public int pick() {
        return selector.select(calls[next++ & (1 << 12) - 1], 0, random);
    }

    /** A list of which one replica has left. */
    @Benchmark
    public Selector rebuild() {
        return Policy.consistentHash().selector(allButOne, Optional.of(selector), 0, random);
    }
}
