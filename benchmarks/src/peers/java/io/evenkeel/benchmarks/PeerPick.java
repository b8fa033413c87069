package io.evenkeel.benchmarks;

/** A peer's choice, and whatever it wants to be told of the end of a call. */
abstract class PeerPick implements Pick {

    /** Chooses and completes; what was chosen only keeps the work from being optimised away. */
    abstract Object once() throws Exception;

    @Override
    public final long run(int times) throws Exception {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += once() == null ? 1 : 0;
        }
        return sum;
    }

    /** The host of one of up to 65,536 replicas, at which nobody is. */
    static String host(int replica) {
        return "10.0." + replica / 250 + "." + (1 + replica % 250);
    }
}
