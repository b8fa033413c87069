package io.evenkeel.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A pick and its completion by one balancer, alone in its JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 4, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class PeerBenchmark {

    private static final int BATCH = 10;

    /** Which balancer. */
    @Param("evenkeel adaptive")
    public String balancer;

    /** How many replicas. */
    @Param({"10", "100", "1000", "10000"})
    public int replicas;

    private Pick pick;

    /** Makes it. */
    @Setup
    public void start() throws Exception {
        pick = new OtherBalancers().pick(balancer, replicas);
    }

    /** Some picks, so that what takes turns with JMH's own code is the pick. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long pick() throws Exception {
        return pick.run(BATCH);
    }
}
