package io.evenkeel.benchmarks;

import io.evenkeel.Breaker;
import io.evenkeel.balance.LoadBalancer;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A pick and its floors, each in JVMs of its own: absolute figures. {@link PickRatios} has the ratios. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgs = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class PickBenchmark {

    /** How many replicas. */
    @Param({"3", "10", "100", "1000", "10000"})
    public int replicas;

    private Floors.RoundRobin roundRobin;
    private Floors.TwoChoices twoChoices;
    private Floors.BareBreaker bareBreaker;
    private Floors.TwoClockReads twoClockReads;
    private Floors.Together together;
    private EvenkeelPick defaults;
    private EvenkeelPick withoutBreaker;

    /** Makes them all; each benchmark uses one. */
    @Setup
    public void start() {
        roundRobin = new Floors.RoundRobin(replicas);
        twoChoices = new Floors.TwoChoices(replicas);
        bareBreaker = new Floors.BareBreaker(replicas, Pick.NONE);
        twoClockReads = new Floors.TwoClockReads();
        together = new Floors.Together(replicas);
        defaults = new EvenkeelPick(LoadBalancer.builder("orders"), replicas, Pick.NONE);
        withoutBreaker = new EvenkeelPick(LoadBalancer.builder("orders").breaker(Breaker.off()), replicas, Pick.NONE);
    }

    /** Ends them. */
    @TearDown
    public void stop() {
        defaults.close();
        withoutBreaker.close();
    }

    /** A counter. */
    @Benchmark
    public int floorRoundRobin() {
        return roundRobin.once();
    }

    /** Two choices, and the count of the one chosen. */
    @Benchmark
    public int floorTwoChoices() {
        return twoChoices.once();
    }

    /** A breaker's permission and success. */
    @Benchmark
    public int floorBareBreaker() {
        return bareBreaker.once(false);
    }

    /** The clock, twice. */
    @Benchmark
    public long floorTwoClockReads() {
        return twoClockReads.once();
    }

    /** The three together, by hand. */
    @Benchmark
    public long floorTogether() {
        return together.once();
    }

    /** Acquire and complete, with all defaults. */
    @Benchmark
    public int evenkeel() throws Exception {
        return defaults.once(false);
    }

    /** The same without breakers. */
    @Benchmark
    public int evenkeelWithoutBreaker() throws Exception {
        return withoutBreaker.once(false);
    }
}
