package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** With a server of our own: what no real name server does on demand. */
@Execution(ExecutionMode.CONCURRENT)
class ScriptedIT extends SourceContract {

    @Override
    protected Registry registry() throws Exception {
        return new ScriptedRegistry();
    }

    @Override
    protected Duration looksEvery() {
        return Duration.ofMillis(100);
    }

    /** An answer has at most 64 KiB. */
    @Override
    protected int many() {
        return 3_000;
    }
}
