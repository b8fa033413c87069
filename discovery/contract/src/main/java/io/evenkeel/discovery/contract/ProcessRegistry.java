package io.evenkeel.discovery.contract;

import java.util.Set;

/** A registry in a process of its own, which can be stopped. */
@SuppressWarnings("try") // closing may wait, and be interrupted
public abstract class ProcessRegistry implements Registry {

    /** The process, as it runs now. */
    protected abstract ServerProcess process();

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.STOPPED);
    }

    @Override
    public void harm(Fault fault) throws Exception {
        if (fault != Fault.STOPPED) {
            throw new UnsupportedOperationException(fault.toString());
        }
        process().pause();
    }

    @Override
    public void mend() throws Exception {
        process().resume();
    }
}
