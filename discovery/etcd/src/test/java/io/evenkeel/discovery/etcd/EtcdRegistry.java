package io.evenkeel.discovery.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.Waiting;
import io.evenkeel.discovery.contract.WiredRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** An etcd server with authentication on, on 127.0.0.1. It is written to by connections that last no longer than needed. */
final class EtcdRegistry extends WiredRegistry {

    static final String PREFIX = "/services/orders/";

    private static final String PASSWORD = "read-0nly-secret";

    /** Together more than a source takes; one alone is what the server takes at most. */
    private static final int LARGE_VALUES = 8;

    private static final int LARGE = 9 << 20;

    private final Path folder;
    private final int port;
    private final int peers = ServerProcess.freePort();
    private boolean hasUsers;

    private EtcdRegistry(Path folder, int port) {
        super(port);
        this.folder = folder;
        this.port = port;
    }

    static EtcdRegistry in(Path folder) throws Exception {
        EtcdRegistry registry = new EtcdRegistry(folder, ServerProcess.freePort());
        registry.start();
        return registry;
    }

    private void addUsers() throws Exception {
        try (Client client = Client.builder().endpoints(uri()).build()) {
            Auth auth = client.getAuthClient();
            done(auth.userAdd(bytes("root"), bytes("root")));
            done(auth.roleAdd(bytes("root")));
            done(auth.userGrantRole(bytes("root"), bytes("root")));
            done(auth.userAdd(bytes("reader"), bytes(PASSWORD)));
            done(auth.roleAdd(bytes("reader")));
            done(auth.roleGrantPermission(
                    bytes("reader"), bytes(PREFIX), bytes("/services/orders0"), Permission.Type.READ));
            done(auth.userGrantRole(bytes("reader"), bytes("reader")));
            done(auth.authEnable());
        }
    }

    static <T> T done(Future<T> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS);
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where sources find it. */
    private URI wired() {
        return URI.create("http://" + address());
    }

    Cluster cluster() {
        return new Cluster(
                List.of(wired()), PREFIX, Optional.of(new Cluster.User("reader", () -> PASSWORD)), Optional.empty());
    }

    @Override
    public EtcdEndpoints source() {
        return EtcdEndpoints.at(PREFIX, wired()).withUser("reader", () -> PASSWORD);
    }

    /** By one more server. */
    EtcdEndpoints source(URI other) {
        return EtcdEndpoints.at(PREFIX, other, wired()).withUser("reader", () -> PASSWORD);
    }

    /** A connection of one who may write. */
    Client connection() {
        return Client.builder()
                .endpoints(uri())
                .user(bytes("root"))
                .password(bytes("root"))
                .build();
    }

    void put(Client client, String name, String value) throws Exception {
        done(client.getKVClient().put(bytes(PREFIX + name), bytes(value)));
    }

    @Override
    public void publish(List<Endpoint> endpoints) throws Exception {
        Map<String, String> wanted = new TreeMap<>();
        endpoints.forEach(each ->
                wanted.put(PREFIX + each.uri().getAuthority(), each.uri().toString()));
        try (Client client = connection()) {
            List<Op> steps = new ArrayList<>();
            wanted.forEach((key, value) -> steps.add(Op.put(bytes(key), bytes(value), PutOption.DEFAULT)));
            GetOption all =
                    GetOption.builder().isPrefix(true).withKeysOnly(true).build();
            for (KeyValue there :
                    done(client.getKVClient().get(bytes(PREFIX), all)).getKvs()) {
                if (!wanted.containsKey(there.getKey().toString(UTF_8))) {
                    steps.add(Op.delete(there.getKey(), DeleteOption.DEFAULT));
                }
            }
            done(client.getKVClient().txn().Then(steps.toArray(Op[]::new)).commit());
        }
    }

    @Override
    protected ServerProcess launch() throws Exception {
        String peer = "http://127.0.0.1:" + peers;
        ServerProcess server = ServerProcess.start(
                folder,
                port,
                "etcd",
                "--name=one",
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + uri(),
                "--advertise-client-urls=" + uri(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=one=" + peer,
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--bcrypt-cost=4",
                "--max-txn-ops=20000",
                "--max-request-bytes=10000000");
        if (!hasUsers) {
            addUsers();
            hasUsers = true;
        }
        Waiting.until("etcd answers", Duration.ofSeconds(20), () -> {
            try (Client client = connection()) {
                return done(client.getKVClient().get(bytes(PREFIX))).getCount() >= 0;
            }
        });
        return server;
    }

    @Override
    protected void setDenied(boolean denied) throws Exception {
        try (Client client = connection()) {
            done(client.getAuthClient().userChangePassword(bytes("reader"), bytes(denied ? "another" : PASSWORD)));
        }
    }

    @Override
    protected void setHuge(boolean huge) throws Exception {
        ByteSequence large = ByteSequence.from(new byte[LARGE]);
        try (Client client = connection()) {
            for (int i = 0; i < LARGE_VALUES; i++) {
                ByteSequence key = bytes(PREFIX + "large-" + i);
                if (huge) {
                    done(client.getKVClient().put(key, large));
                } else {
                    done(client.getKVClient().delete(key));
                }
            }
        }
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(PASSWORD);
    }
}
