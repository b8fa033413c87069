package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Against the fake API server: a real one is no package. */
@Execution(ExecutionMode.CONCURRENT)
class KubernetesContractIT extends SourceContract {

    @Override
    protected Registry registry() throws Exception {
        return FakeApiServer.started();
    }
}
