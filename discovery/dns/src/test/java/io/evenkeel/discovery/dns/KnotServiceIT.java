package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.contract.Registry;
import java.nio.file.Path;

/** The same for the targets of a service. */
class KnotServiceIT extends KnotIT {

    @Override
    Registry registry(Path folder) throws Exception {
        return new Knot.OfService(folder);
    }

    @Override
    protected int many() {
        return 1_000;
    }
}
