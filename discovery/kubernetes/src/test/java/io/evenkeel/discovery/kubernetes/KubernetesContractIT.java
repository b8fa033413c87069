package io.evenkeel.discovery.kubernetes;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Against the fake API server: a real one is no package. */
class KubernetesContractIT extends SourceContract {

    @Override
    protected Registry registry() throws Exception {
        return new Cluster(FakeApiServer.started());
    }

    private record Cluster(FakeApiServer server) implements Registry {

        @Override
        public EndpointSource source() {
            return Clients.source(server);
        }

        @Override
        public void publish(List<Endpoint> endpoints) {
            server.setAll(Slices.of(endpoints));
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void start() throws Exception {
            server.start();
        }

        @Override
        public Set<Fault> faults() {
            return EnumSet.complementOf(EnumSet.of(Fault.HUGE));
        }

        @Override
        public void harm(Fault fault) {
            server.harm(fault);
        }

        @Override
        public void mend() {
            server.mend();
        }

        @Override
        public Optional<Integer> port() {
            return Optional.of(server.port());
        }

        @Override
        public Optional<String> secret() {
            return Optional.of(FakeApiServer.TOKEN);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
