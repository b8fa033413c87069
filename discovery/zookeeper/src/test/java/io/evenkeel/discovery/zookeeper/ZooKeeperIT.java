package io.evenkeel.discovery.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.SourceContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a watch is there to be closed
class ZooKeeperIT extends SourceContract {

    private static final String PATH = ZooKeeperRegistry.PATH;
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @TempDir
    private static Path folder;

    private static ZooKeeperRegistry zooKeeper;

    private final Heard heard = new Heard();

    @BeforeAll
    static void startServer() throws Exception {
        zooKeeper = ZooKeeperRegistry.in(folder);
    }

    @AfterAll
    static void endServer() throws Exception {
        zooKeeper.end();
    }

    @Override
    protected Registry registry() throws Exception {
        return zooKeeper.emptied();
    }

    @Override
    protected Duration changesArriveWithin() {
        return AT_ONCE;
    }

    @Test
    void aNodeThatDoesNotExistIsTroubleUntilItIsCreated() throws Exception {
        try (CuratorFramework writer = zooKeeper.session();
                Watch watch =
                        zooKeeper.source(zooKeeper.address(), "/later/orders").watch(heard)) {
            assertThat(heard.awaitTrouble(0, soon()))
                    .hasMessageStartingWith("zookeeper://127.0.0.1:")
                    .hasMessageEndingWith("/later/orders: the node does not exist");
            assertThat(heard.lists()).isEmpty();

            writer.create().creatingParentsIfNeeded().forPath("/later/orders/a", uri(1));

            heard.awaitUris(Set.of(text(1)), AT_ONCE);

            writer.delete().deletingChildrenIfNeeded().forPath("/later");

            heard.awaitTrouble(1, AT_ONCE);
            assertThat(heard.troubles()).hasSize(2);
        }
    }

    @Test
    void aChildThatIsNoEndpointIsDroppedAndReportedOnce() throws Exception {
        try (CuratorFramework writer = zooKeeper.session();
                Watch watch = zooKeeper.source().watch(heard)) {
            heard.awaitSize(0, soon());
            writer.transaction()
                    .forOperations(
                            writer.transactionOp().create().forPath(PATH + "/a", uri(1)),
                            writer.transactionOp().create().forPath(PATH + "/b", "{]".getBytes(UTF_8)));
            heard.awaitUris(Set.of(text(1)), AT_ONCE);
            assertThat(heard.awaitTrouble(0, AT_ONCE)).hasMessageContaining("\"b\" is dropped: is not JSON");

            writer.create().forPath(PATH + "/c", uri(3));
            heard.awaitUris(Set.of(text(1), text(3)), AT_ONCE);
            assertThat(heard.troubles()).hasSize(1);

            writer.setData().forPath(PATH + "/b", uri(2));
            heard.awaitUris(Set.of(text(1), text(2), text(3)), AT_ONCE);
            assertThat(heard.troubles()).hasSize(1);
        }
    }

    @Test
    void childrenOfWhichNoneIsUsableChangeNothing() throws Exception {
        try (CuratorFramework writer = zooKeeper.session();
                Watch watch = zooKeeper.source().watch(heard)) {
            heard.awaitSize(0, soon());
            writer.create().forPath(PATH + "/a", uri(1));
            heard.awaitUris(Set.of(text(1)), AT_ONCE);

            writer.setData().forPath(PATH + "/a", new byte[] {(byte) 0xff});
            assertThat(heard.awaitTrouble(0, AT_ONCE)).hasMessageContaining("\"a\" is dropped: is not UTF-8");
            writer.setData().forPath(PATH + "/a", uri(2));
            heard.awaitUris(Set.of(text(2)), AT_ONCE);
        }
        assertThat(heard.lists().subList(1, heard.lists().size())).doesNotContain(List.of());
    }

    @Test
    void aServiceLeavesWithItsSession() throws Exception {
        try (Watch watch = zooKeeper.source().watch(heard)) {
            heard.awaitSize(0, soon());
            try (CuratorFramework stays = zooKeeper.session()) {
                stays.create().withMode(CreateMode.EPHEMERAL).forPath(PATH + "/stays", uri(1));
                try (CuratorFramework leaves = zooKeeper.session()) {
                    leaves.create().withMode(CreateMode.EPHEMERAL).forPath(PATH + "/leaves", uri(2));
                    heard.awaitUris(Set.of(text(1), text(2)), AT_ONCE);
                }
                heard.awaitUris(Set.of(text(1)), AT_ONCE);
            }
        }
    }

    @Test
    void whatChildrenOfChildrenHoldIsNotLookedAt() throws Exception {
        try (CuratorFramework writer = zooKeeper.session();
                Watch watch = zooKeeper.source().watch(heard)) {
            writer.create().forPath(PATH + "/a", uri(1));
            heard.awaitUris(Set.of(text(1)), soon());
            writer.create().forPath(PATH + "/a/b", uri(2));
            writer.create().forPath(PATH + "/c", uri(3));
            heard.awaitUris(Set.of(text(1), text(3)), AT_ONCE);
            writer.delete().forPath(PATH + "/a/b");
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aBurstOfChangesIsAFewLists() throws Exception {
        try (CuratorFramework writer = zooKeeper.session();
                Watch watch = zooKeeper.source().watch(heard)) {
            heard.awaitSize(0, soon());
            for (int i = 0; i < 250; i++) {
                writer.create().inBackground().forPath(PATH + "/" + i, uri(i));
            }
            heard.awaitSize(250, soon());
        }
        assertThat(heard.lists()).hasSizeLessThan(100);
    }

    @Test
    void aServerThatIsDownIsPassedOver() throws Exception {
        zooKeeper.publish(service().endpoints(0, 2));
        String servers = "127.0.0.1:" + ServerProcess.freePort() + "," + zooKeeper.address();
        for (int i = 0; i < 3; i++) { // in whichever order it tries them
            Heard each = new Heard();
            try (Watch watch = zooKeeper.source(servers, PATH).watch(each)) {
                each.awaitSize(2, soon());
            }
            assertThat(each.troubles()).isEmpty();
        }
    }

    @Test
    void anExpiredSessionIsFollowedByAnother() throws Exception {
        zooKeeper.publish(service().endpoints(0, 2));
        ZooKeeperEndpoints source = zooKeeper.source().withSessionTimeout(Duration.ofSeconds(1));
        try (Watch watch = source.watch(heard)) {
            heard.awaitSize(2, soon());
            zooKeeper.harm(Registry.Fault.STOPPED);
            assertThat(heard.awaitTrouble(0, Duration.ofSeconds(5))).hasMessage(source + ": the connection was lost");
            Thread.sleep(1_500); // the server wakes to a session that is too old
            zooKeeper.mend();
            heard.awaitLife(soon());
            zooKeeper.publish(service().endpoints(0, 3));
            heard.awaitSize(3, soon());
        }
    }

    @Test
    void afterARestartTheListIsSaidToHold() throws Exception {
        zooKeeper.publish(service().endpoints(0, 2));
        try (Watch watch = zooKeeper.source().watch(heard)) {
            heard.awaitSize(2, soon());
            zooKeeper.kill();
            heard.awaitTrouble(0, Duration.ofSeconds(5));
            zooKeeper.start();
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void permissionsThatAreTakenAwayAreNoticed() throws Exception {
        zooKeeper.publish(service().endpoints(0, 2));
        try (Watch watch = zooKeeper.source().watch(heard)) {
            heard.awaitSize(2, soon());
            zooKeeper.harm(Registry.Fault.DENIED);
            assertThat(heard.awaitTrouble(0, Duration.ofSeconds(10))).hasMessageContaining("NoAuth");
            zooKeeper.mend();
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }

    private static String text(int i) {
        return "http://10.0.0." + i + ":8080";
    }

    private static byte[] uri(int i) {
        return text(i).getBytes(UTF_8);
    }
}
