package io.evenkeel.benchmarks.sim;

import io.evenkeel.benchmarks.sim.Suite.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/**
 * Runs a suite, parts side by side, each on one thread; what was run before with the same code is not run again.
 *
 * <p>Every variant meets the first five seeds. One that something is aimed at goes on, up to 20, until the 95 % intervals of
 * its mean and p99, as ratios to the first variant's, are within 1 % of them.
 */
public final class SuiteRun {

    private static final int LEAST_SEEDS = 5;
    private static final int MOST_SEEDS = 20;
    private static final double NARROW = 0.01;

    private final List<Part> parts;
    private final Cells cells;
    private final long endNanos;

    /**
     * A run to be.
     *
     * @param cache a directory for what was run
     * @param time after which none runs more seeds than it must
     */
    public SuiteRun(List<Part> parts, Path cache, Duration time) throws IOException {
        this.parts = List.copyOf(parts);
        this.cells = new Cells(cache);
        this.endNanos = System.nanoTime() + time.toNanos();
    }

    /** Runs what is missing, on so many threads; one comparison for each part, in order. */
    public List<Comparison> run(int threads) throws InterruptedException {
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Comparison>> futures = new ArrayList<>();
            parts.forEach(part -> futures.add(workers.submit(() -> run(part))));
            List<Comparison> comparisons = new ArrayList<>();
            for (Future<Comparison> future : futures) {
                comparisons.add(future.get());
            }
            return comparisons;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part failed", e);
        }
    }

    private Comparison run(Part part) {
        Variant first = part.variants().getFirst();
        Map<String, List<Figures>> runs = new LinkedHashMap<>();
        runs.put(first.name(), new ArrayList<>());
        for (Variant variant : part.variants()) {
            List<Figures> mine = runs.computeIfAbsent(variant.name(), name -> new ArrayList<>());
            List<Figures> base = runs.get(first.name());
            while (mine.size() < seeds(part, variant, mine, base)) {
                int seed = mine.size() + 1;
                mine.add(cells.run(part.scenario(), variant, seed));
                if (base.size() < seed) {
                    base.add(cells.run(part.scenario(), first, seed));
                }
            }
        }
        return new Comparison(part.scenario().name(), runs);
    }

    /** How many to run at least, knowing these. */
    private int seeds(Part part, Variant variant, List<Figures> mine, List<Figures> base) {
        boolean aimed = part.aims().stream().anyMatch(aim -> aim.whose().equals(variant.name()));
        if (mine.size() < LEAST_SEEDS || !aimed || System.nanoTime() > endNanos) {
            return LEAST_SEEDS;
        }
        boolean narrow = isNarrow(mine, base, Figures::mean) && isNarrow(mine, base, Figures::p99);
        return narrow ? mine.size() : MOST_SEEDS;
    }

    private static boolean isNarrow(List<Figures> mine, List<Figures> base, ToDoubleFunction<Figures> figure) {
        double[] ratios = new double[mine.size()];
        for (int seed = 0; seed < ratios.length; seed++) {
            ratios[seed] = figure.applyAsDouble(mine.get(seed)) / figure.applyAsDouble(base.get(seed));
        }
        Estimate ratio = Estimate.of(ratios);
        return !(ratio.reach() > NARROW * ratio.mean());
    }
}
