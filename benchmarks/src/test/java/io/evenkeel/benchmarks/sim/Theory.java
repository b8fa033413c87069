package io.evenkeel.benchmarks.sim;

/** Mean times in closed form, in mean works. */
final class Theory {

    private Theory() {}

    /** M/M/1, first come first served or shared; and M/G/1 shared. */
    static double alone(double load) {
        return 1 / (1 - load);
    }

    /** M/D/1, first come first served (Pollaczek and Khinchine). */
    static double constantWork(double load) {
        return 1 + load / (2 * (1 - load));
    }

    /** M/M/1 queues without end, of which each call joins the shortest of so many (Vvedenskaya; Mitzenmacher). */
    static double choices(int choices, double load) {
        double sum = 0;
        double exponent = 0;
        double power = 1;
        for (int i = 0; i < 30; i++) {
            sum += Math.pow(load, exponent);
            power *= choices;
            exponent += power;
        }
        return sum;
    }

    /** M/M/n, one queue (Erlang). */
    static double oneQueue(int servers, double load) {
        double offered = servers * load;
        double blocking = 1;
        for (int i = 1; i <= servers; i++) {
            blocking = offered * blocking / (i + offered * blocking);
        }
        double waiting = blocking / (1 - load * (1 - blocking));
        return 1 + waiting / (servers * (1 - load));
    }
}
