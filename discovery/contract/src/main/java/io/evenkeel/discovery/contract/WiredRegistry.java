package io.evenkeel.discovery.contract;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A registry in a process of its own, whose data survive its death, for all tests of a class. Sources come to it by a {@link Wire}. It is not started when it is made. */
@SuppressWarnings("try") // closing may wait, and be interrupted
public abstract class WiredRegistry extends ProcessRegistry {

    private final Wire wire;
    private Optional<ServerProcess> process = Optional.empty();
    private boolean denied;
    private boolean huge;

    /** One that listens on {@code port} of 127.0.0.1. */
    protected WiredRegistry(int port) {
        this.wire = Wire.to(port);
    }

    /** Starts the process, and returns once it serves. */
    protected abstract ServerProcess launch() throws Exception;

    /** Makes it take no credentials of a source any more, or take them again. */
    protected abstract void setDenied(boolean denied) throws Exception;

    /** Makes its answer larger than a source takes, or as it was. */
    protected abstract void setHuge(boolean huge) throws Exception;

    /** Where sources find it: host and port. */
    public final String address() {
        return "127.0.0.1:" + wire.port();
    }

    /** Brings it back to where it began: a test goes on with what another has left. */
    public final Registry emptied() throws Exception {
        if (process.isEmpty()) {
            start();
        }
        mend();
        publish(List.of());
        return this;
    }

    @Override
    protected final ServerProcess process() {
        return process.orElseThrow();
    }

    @Override
    public final void start() throws Exception {
        process = Optional.of(launch());
        wire.start();
    }

    @Override
    public final void kill() throws Exception {
        wire.kill();
        process().kill();
        process = Optional.empty();
    }

    @Override
    public final Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public final void harm(Fault fault) throws Exception {
        switch (fault) {
            case STOPPED -> super.harm(fault);
            case GARBAGE, SLOW -> wire.harm(fault);
            case DENIED -> {
                denied = true;
                setDenied(true);
            }
            case HUGE -> {
                huge = true;
                setHuge(true);
                wire.cut();
            }
        }
    }

    /** That the wire is cut. */
    @Override
    public final int troublesOfHarm(Fault fault) {
        return switch (fault) {
            case GARBAGE, SLOW, HUGE -> 1;
            case STOPPED, DENIED -> 0;
        };
    }

    @Override
    public final void mend() throws Exception {
        super.mend();
        wire.mend();
        if (denied) {
            setDenied(false);
            denied = false;
        }
        if (huge) {
            setHuge(false);
            huge = false;
        }
    }

    @Override
    public final Optional<Integer> port() {
        return Optional.of(wire.port());
    }

    /** The next test goes on with it. */
    @Override
    public final void close() {}

    /** Ends it for good. */
    public final void end() throws IOException, InterruptedException {
        wire.close();
        if (process.isPresent()) {
            process().close();
        }
    }
}
