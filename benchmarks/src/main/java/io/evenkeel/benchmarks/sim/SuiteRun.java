package io.evenkeel.benchmarks.sim;

import static java.util.Objects.requireNonNull;

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

/**
 * Runs a suite, parts side by side, each on one thread; what was run before with the same code is not run again.
 *
 * <p>Every variant meets the first five seeds. One that something is aimed at goes on, up to 20, with what it is compared with,
 * until the 95 % interval of every figure aimed at is within 1 % of it.
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
        Map<String, List<Figures>> runs = new LinkedHashMap<>();
        part.variants().forEach(variant -> runs.put(variant.name(), new ArrayList<>()));
        Comparison comparison = new Comparison(part.scenario().name(), runs);
        for (int seed = 1; seed <= MOST_SEEDS; seed++) {
            List<Aim> unknown = seed <= LEAST_SEEDS ? part.aims() : unknown(part, comparison);
            for (Variant variant : part.variants()) {
                if (seed <= LEAST_SEEDS || unknown.stream().anyMatch(aim -> aim.needs(variant.name()))) {
                    List<Figures> mine = requireNonNull(runs.get(variant.name()));
                    while (mine.size() < seed) {
                        mine.add(cells.run(part.scenario(), variant, mine.size() + 1));
                    }
                }
            }
        }
        return comparison;
    }

    private List<Aim> unknown(Part part, Comparison comparison) {
        boolean over = System.nanoTime() > endNanos;
        return part.aims().stream()
                .filter(aim -> !over && !isNarrow(aim.found(comparison)))
                .toList();
    }

    private static boolean isNarrow(Estimate estimate) {
        return !(estimate.reach() > NARROW * estimate.mean());
    }
}
