package io.evenkeel.discovery.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.Waiting;
import io.evenkeel.discovery.contract.WiredRegistry;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.curator.framework.api.transaction.TransactionOp;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** A ZooKeeper server in a process of its own, on 127.0.0.1. It is written to by sessions that last no longer than needed. */
final class ZooKeeperRegistry extends WiredRegistry {

    static final String PATH = "/services/orders";

    private static final String WRITER = "writer:w";
    private static final String READER = "reader:read-0nly-secret";
    private static final int MOST_AT_ONCE = 1_000;

    /** Together longer than what a client takes. */
    private static final int LONG_NAMES = 1_500;

    private final Path folder;
    private final int port;

    private ZooKeeperRegistry(Path folder, int port) {
        super(port);
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
        return source(address(), PATH);
    }

    @Override
    public EndpointSource impatientSource() {
        return source().withSessionTimeout(Duration.ofSeconds(2));
    }

    ZooKeeperEndpoints source(String servers, String path) {
        return ZooKeeperEndpoints.at(servers, path).withAuth("digest", () -> READER.getBytes(UTF_8));
    }

    /** A session of one who may write. */
    CuratorFramework session() throws Exception {
        CuratorFramework session = CuratorFrameworkFactory.builder()
                .connectString("127.0.0.1:" + port)
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
    protected ServerProcess launch() throws Exception {
        ServerProcess server = serve(folder, port, "clientPort=" + port + "\nclientPortAddress=127.0.0.1\n");
        Waiting.until("ZooKeeper serves", Duration.ofSeconds(20), this::isServing);
        return server;
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
        return ServerProcess.java(
                folder,
                port,
                "-Xmx256m",
                "-Dzookeeper.forceSync=no",
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                file.toString());
    }

    @Override
    protected void setDenied(boolean denied) throws Exception {
        List<ACL> permissions =
                denied ? List.of(acl(Perms.ALL, WRITER)) : List.of(acl(Perms.ALL, WRITER), acl(Perms.READ, READER));
        try (CuratorFramework session = session()) {
            session.setACL().withACL(permissions).forPath(PATH);
        }
    }

    @Override
    protected void setHuge(boolean huge) throws Exception {
        try (CuratorFramework session = session()) {
            for (int i = 0; i < LONG_NAMES; i += MOST_AT_ONCE / 2) {
                List<CuratorOp> steps = new ArrayList<>();
                for (int j = i; j < i + MOST_AT_ONCE / 2; j++) {
                    String path = PATH + "/" + "x".repeat(1_000) + j;
                    TransactionOp step = session.transactionOp();
                    steps.add(
                            huge
                                    ? step.create().forPath(path, new byte[0])
                                    : step.delete().forPath(path));
                }
                session.transaction().forOperations(steps);
            }
        }
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(READER.substring(READER.indexOf(':') + 1));
    }
}
