package io.evenkeel.discovery.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.Waiting;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** A ZooKeeper server in a process of its own, on 127.0.0.1, whose data survive its death. It is written to by sessions that last no longer than needed. */
final class ZooKeeperRegistry implements Registry {

    static final String PATH = "/services/orders";

    private static final String WRITER = "writer:w";
    private static final String READER = "reader:read-0nly-secret";
    private static final int MOST_AT_ONCE = 1_000;

    private final Path folder;
    private final int port;
    private ServerProcess process;

    private ZooKeeperRegistry(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static ZooKeeperRegistry in(Path folder) throws Exception {
        ZooKeeperRegistry registry = new ZooKeeperRegistry(folder, ServerProcess.freePort());
        registry.start();
        return registry;
    }

    @Override
    public ZooKeeperEndpoints source() {
        return source(server(), PATH);
    }

    ZooKeeperEndpoints source(String servers, String path) {
        return ZooKeeperEndpoints.at(servers, path).withAuth("digest", () -> READER.getBytes(UTF_8));
    }

    String server() {
        return "127.0.0.1:" + port;
    }

    /** Brings it back to where it began. */
    ZooKeeperRegistry emptied() throws Exception {
        if (process == null) {
            start();
        }
        mend();
        publish(List.of());
        return this;
    }

    /** A session of one who may write. */
    CuratorFramework session() throws Exception {
        CuratorFramework session = CuratorFrameworkFactory.builder()
                .connectString(server())
                .sessionTimeoutMs(10_000)
                .connectionTimeoutMs(10_000)
                .retryPolicy(new RetryNTimes(20, 200))
                .authorization("digest", WRITER.getBytes(UTF_8))
                .aclProvider(new Everything())
                .ensembleTracker(false)
                .build();
        session.start();
        session.blockUntilConnected(20, TimeUnit.SECONDS);
        return session;
    }

    private static final class Everything implements ACLProvider {

        @Override
        public List<ACL> getDefaultAcl() {
            return new ArrayList<>(List.of(acl(Perms.ALL, WRITER), acl(Perms.READ, READER))); // it is asked for null
        }

        @Override
        public List<ACL> getAclForPath(String path) {
            return getDefaultAcl();
        }
    }

    private static ACL acl(int permissions, String who) {
        try {
            return new ACL(permissions, new Id("digest", DigestAuthenticationProvider.generateDigest(who)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void publish(List<Endpoint> endpoints) throws Exception {
        Map<String, byte[]> children = new HashMap<>();
        endpoints.forEach(each ->
                children.put(each.uri().getAuthority(), each.uri().toString().getBytes(UTF_8)));
        try (CuratorFramework session = session()) {
            replace(session, children);
        }
    }

    private static void replace(CuratorFramework session, Map<String, byte[]> children) throws Exception {
        Set<String> there = new HashSet<>();
        if (session.checkExists().forPath(PATH) == null) {
            session.create().creatingParentsIfNeeded().forPath(PATH, new byte[0]);
        } else {
            there.addAll(session.getChildren().forPath(PATH));
        }
        List<CuratorOp> steps = new ArrayList<>();
        for (String name : there) {
            if (!children.containsKey(name)) {
                steps.add(session.transactionOp().delete().forPath(PATH + "/" + name));
            }
        }
        for (String name : children.keySet()) {
            steps.add(
                    there.contains(name)
                            ? session.transactionOp().setData().forPath(PATH + "/" + name, children.get(name))
                            : session.transactionOp().create().forPath(PATH + "/" + name, children.get(name)));
        }
        for (int i = 0; i < steps.size(); i += MOST_AT_ONCE) {
            session.transaction().forOperations(steps.subList(i, Math.min(steps.size(), i + MOST_AT_ONCE)));
        }
    }

    @Override
    public void start() throws Exception {
        process = serve(folder, port, "clientPort=" + port + "\nclientPortAddress=127.0.0.1\n");
        Waiting.until("ZooKeeper serves", Duration.ofSeconds(20), this::isServing);
    }

    /** A connection made before it serves is kept waiting for long. */
    private boolean isServing() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("srvr".getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8).contains("Mode: standalone");
        }
    }

    /** A server with these settings beside those that all have. */
    static ServerProcess serve(Path folder, int port, String settings) throws Exception {
        Path file = Files.writeString(folder.resolve("zoo.cfg"), settings + """
                tickTime=500
                dataDir=%s
                maxClientCnxns=0
                admin.enableServer=false
                """.formatted(folder.resolve("data")));
        return ServerProcess.start(
                folder,
                port,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dzookeeper.forceSync=no",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                file.toString());
    }

    @Override
    public void kill() throws Exception {
        process.kill();
        process = null;
    }

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.STOPPED, Fault.DENIED);
    }

    @Override
    public void harm(Fault fault) throws Exception {
        switch (fault) {
            case STOPPED -> process.pause();
            case DENIED -> allow(acl(Perms.ALL, WRITER));
            default -> throw new UnsupportedOperationException(fault.toString());
        }
    }

    @Override
    public void mend() throws Exception {
        process.resume();
        allow(acl(Perms.ALL, WRITER), acl(Perms.READ, READER));
    }

    private void allow(ACL... permissions) throws Exception {
        try (CuratorFramework session = session()) {
            if (session.checkExists().forPath(PATH) != null) {
                session.setACL().withACL(Arrays.asList(permissions)).forPath(PATH);
            }
        }
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(READER.substring(READER.indexOf(':') + 1));
    }

    /** The next test goes on with it. */
    @Override
    public void close() {}

    void end() throws Exception {
        if (process != null) {
            process.close();
        }
    }
}
