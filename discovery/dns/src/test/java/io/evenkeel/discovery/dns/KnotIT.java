package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Addresses of a host, by a real name server. */
@Execution(ExecutionMode.CONCURRENT)
class KnotIT extends SourceContract {

    @TempDir
    private Path folder;

    @Override
    protected Registry registry() throws Exception {
        needs(Knot.isInstalled(), "knotd or knsupdate");
        return registry(folder);
    }

    Registry registry(Path folder) throws Exception {
        return new Knot.OfHost(folder);
    }

    @Override
    protected Duration changesArriveWithin() {
        return Duration.ofSeconds(10);
    }

    /** As records live. */
    @Override
    protected Duration looksEvery() {
        return Duration.ofSeconds(1);
    }

    /** An answer has at most 64 KiB. */
    @Override
    protected int many() {
        return 3_000;
    }
}
