package io.evenkeel.benchmarks.sim;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a figure of a scenario should be at most.
 *
 * @param what the figure
 * @param whose a variant's name, or {@link #ADAPTIVE} for the default policy and {@link #TOLD} for it with reports
 * @param goal it should be met
 * @param best and this would be world-class
 */
public record Aim(String what, String whose, Figure figure, double goal, double best) {

    /** The default policy, alone. */
    public static final String ADAPTIVE = "adaptive";

    /** The same, told by replicas how many calls they have. */
    public static final String TOLD = "adaptive, told calls";

    /** A figure of a variant in a comparison. */
    @FunctionalInterface
    public interface Figure {

        /** Its value. */
        Estimate of(Comparison comparison, String variant);

        /** The variant that it is compared with, or "". */
        default String base() {
            return "";
        }

        /** As a ratio to that of another variant. */
        static Figure ratio(Variant to, ToDoubleFunction<Figures> figure) {
            return new Ratio(to.name(), figure);
        }

        /** The value itself. */
        static Figure value(ToDoubleFunction<Figures> figure) {
            return (comparison, variant) -> comparison.of(variant, figure);
        }
    }

    private record Ratio(String base, ToDoubleFunction<Figures> figure) implements Figure {
        @Override
        public Estimate of(Comparison comparison, String variant) {
            return comparison.ratio(variant, base, figure);
        }
    }

    /** Whether it must be run on for this to be known better: it, or what it is compared with. */
    boolean needs(String variant) {
        return variant.equals(whose) || variant.equals(figure.base());
    }

    /** The default policy's, and with reports. */
    static List<Aim> ours(String what, Figure figure, double goal, double best) {
        return List.of(of(ADAPTIVE, what, figure, goal, best), of(TOLD, what, figure, goal, best));
    }

    static Aim of(String whose, String what, Figure figure, double goal, double best) {
        return new Aim(what, whose, figure, goal, best);
    }

    /** What was found. */
    public Estimate found(Comparison comparison) {
        return figure.of(comparison, whose);
    }

    /** The interval's far end decides. */
    public String verdict(Comparison comparison) {
        Estimate found = found(comparison);
        double most = Double.isNaN(found.reach()) ? found.mean() : found.high();
        if (most <= best && best < goal) {
            return "world-class";
        }
        return most <= goal ? "met" : "missed";
    }
}
