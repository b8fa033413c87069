package io.evenkeel;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;

/** Small parallel programs, run by Lincheck in their interleavings, those with few switches first. */
public final class Interleavings {

    /** How many of those that a test names: fewer where time is short, which are those with the fewest switches. */
    private static final int PERCENT = Integer.getInteger("evenkeel.interleavings.percent", 100);

    private Interleavings() {}

    /**
     * Runs each scenario on new instances of {@code program}, in up to {@code most} interleavings, and its {@code @Validate}
     * method after each: nothing may throw. A scenario is threads, as in {@code "one two | three"}: the names of the
     * methods that each calls. Class and methods are public. Setting Lincheck up takes seconds: better one call for many.
     */
    public static void explore(int most, Class<?> program, String... scenarios) {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .iterations(0)
                .invocationsPerIteration(Math.ceilDiv(most * PERCENT, 100))
                .verifier(NothingThrown.class)
                .minimizeFailedScenario(false)
                // It looks into a map by identity hash codes, which was filled before Lincheck made them all 0
                .addGuarantee(forClasses("io.github.resilience4j.circuitbreaker.CircuitBreaker$StateTransition")
                        .methods("transitionBetween")
                        .ignore());
        for (String threads : scenarios) {
            options.addCustomScenario(new ExecutionScenario(List.of(), scenario(program, threads), List.of(), null));
        }
        options.check(program);
    }

    private static List<List<Actor>> scenario(Class<?> program, String threads) {
        return Arrays.stream(threads.split(" \\| "))
                .map(names -> Arrays.stream(names.split(" "))
                        .map(name -> actor(program, name))
                        .toList())
                .toList();
    }

    /** Builds no text unless it is wrong: Lincheck would follow that, too. */
    public static void check(boolean right, Object... what) {
        if (!right) {
            throw new AssertionError(Arrays.toString(what));
        }
    }

    private static Actor actor(Class<?> program, String name) {
        try {
            return new Actor(program.getMethod(name), List.of());
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    /** Made by Lincheck. */
    public static final class NothingThrown implements Verifier {

        public NothingThrown(Class<?> program) {}

        @Override
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult result) {
            return result.getParallelResultsWithClock().stream()
                    .flatMap(List::stream)
                    .noneMatch(end -> end.getResult() instanceof ExceptionResult);
        }
    }
}
