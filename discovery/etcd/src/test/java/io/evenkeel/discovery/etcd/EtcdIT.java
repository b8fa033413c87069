package io.evenkeel.discovery.etcd;

import static io.evenkeel.discovery.etcd.EtcdRegistry.PREFIX;
import static io.evenkeel.discovery.etcd.EtcdRegistry.bytes;
import static io.evenkeel.discovery.etcd.EtcdRegistry.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.PutOption;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.SourceContract;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a watch is there to be closed
class EtcdIT extends SourceContract {

    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @TempDir
    private static Path folder;

    private static EtcdRegistry etcd;

    private final Heard heard = new Heard();

    @BeforeAll
    static void startServer() throws Exception {
        needEtcd();
        etcd = EtcdRegistry.in(folder);
    }

    static void needEtcd() {
        needs(ServerProcess.isInstalled("etcd"), "etcd");
    }

    @AfterAll
    static void endServer() throws Exception {
        if (etcd != null) {
            etcd.end();
        }
    }

    @Override
    protected Registry registry() throws Exception {
        return etcd.emptied();
    }

    @Override
    protected Duration changesArriveWithin() {
        return AT_ONCE;
    }

    @Test
    void aValueThatIsNoEndpointIsDroppedAndReportedOnce() throws Exception {
        try (Client writer = etcd.connection();
                Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(0, soon());
            etcd.put(writer, "a", uri(1));
            etcd.put(writer, "b", "{]");
            heard.awaitUris(Set.of(uri(1)), AT_ONCE);
            assertThat(heard.awaitTrouble(0, AT_ONCE)).hasMessageContaining("\"b\" is dropped: is not JSON");

            etcd.put(writer, "c", uri(3));
            heard.awaitUris(Set.of(uri(1), uri(3)), AT_ONCE);
            assertThat(heard.troubles()).hasSize(1);

            etcd.put(writer, "b", uri(2));
            heard.awaitUris(Set.of(uri(1), uri(2), uri(3)), AT_ONCE);
            assertThat(heard.troubles()).hasSize(1);
        }
    }

    @Test
    void valuesOfWhichNoneIsUsableChangeNothing() throws Exception {
        try (Client writer = etcd.connection();
                Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(0, soon());
            etcd.put(writer, "a", uri(1));
            heard.awaitUris(Set.of(uri(1)), AT_ONCE);

            etcd.put(writer, "a", "orders-1");
            assertThat(heard.awaitTrouble(0, AT_ONCE)).hasMessageContaining("\"a\" is dropped: ");
            etcd.put(writer, "a", uri(2));
            heard.awaitUris(Set.of(uri(2)), AT_ONCE);
        }
        assertThat(heard.lists().subList(1, heard.lists().size())).doesNotContain(List.of());
    }

    @Test
    void aServiceLeavesWhenItsLeaseExpires() throws Exception {
        try (Client writer = etcd.connection();
                Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(0, soon());
            long lease = done(writer.getLeaseClient().grant(1)).getID();
            done(writer.getKVClient()
                    .put(
                            bytes(PREFIX + "leaves"),
                            bytes(uri(1)),
                            PutOption.builder().withLeaseId(lease).build()));
            etcd.put(writer, "stays", uri(2));
            heard.awaitUris(Set.of(uri(1), uri(2)), AT_ONCE);
            heard.awaitUris(Set.of(uri(2)), Duration.ofSeconds(10));
        }
    }

    @Test
    void keysThatBeginOtherwiseAreNotLookedAt() throws Exception {
        try (Client writer = etcd.connection();
                Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(0, soon());
            done(writer.getKVClient().put(bytes("/services/orders-old/a"), bytes(uri(1))));
            etcd.put(writer, "b", uri(2));
            heard.awaitUris(Set.of(uri(2)), AT_ONCE);
        }
        assertThat(heard.lists()).hasSize(2);
    }

    @Test
    void aBurstOfChangesIsAFewLists() throws Exception {
        try (Client writer = etcd.connection();
                Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(0, soon());
            List<Future<?>> answers = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                answers.add(writer.getKVClient().put(bytes(PREFIX + i), bytes(uri(i))));
            }
            for (Future<?> answer : answers) {
                done(answer);
            }
            heard.awaitSize(250, soon());
        }
        assertThat(heard.lists()).hasSizeLessThan(100);
    }

    @Test
    void aPastThatIsForgottenIsNoTroubleButReadAgain() throws Exception {
        EtcdPoll poll = new EtcdPoll(etcd.cluster());
        try (Client writer = etcd.connection()) {
            etcd.put(writer, "a", uri(1));
            poll.ask(heard);
            etcd.put(writer, "b", uri(2));
            done(writer.getKVClient().put(bytes(PREFIX + "a"), bytes(uri(3))));
            long now = done(writer.getKVClient().get(bytes(PREFIX))).getHeader().getRevision();
            done(writer.getKVClient().compact(now));

            assertThat(poll.ask(heard)).isZero();
            assertThat(heard.lists()).hasSize(1);
            poll.ask(heard);

            heard.awaitUris(Set.of(uri(2), uri(3)), AT_ONCE);
            assertThat(heard.troubles()).isEmpty();
        } finally {
            poll.close();
        }
    }

    @Test
    void aServerThatIsDownIsPassedOver() throws Exception {
        etcd.publish(service().endpoints(0, 2));
        URI down = URI.create("http://127.0.0.1:" + ServerProcess.freePort());
        for (int i = 0; i < 5; i++) { // in whichever order it tries them
            Heard each = new Heard();
            try (Watch watch = etcd.source(down).watch(each)) {
                each.awaitSize(2, soon());
            }
            assertThat(each.troubles()).isEmpty();
        }
    }

    @Test
    void aServerThatIsSilentIsNoticed() throws Exception {
        etcd.publish(service().endpoints(0, 2));
        try (Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(2, soon());
            etcd.harm(Registry.Fault.STOPPED);
            assertThat(heard.awaitTrouble(0, Duration.ofSeconds(12)))
                    .hasMessage(etcd.source() + ": no answer within PT5S");
            etcd.mend();
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void credentialsThatAreTakenNoMoreAreNoticed() throws Exception {
        etcd.publish(service().endpoints(0, 2));
        try (Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(2, soon());
            etcd.harm(Registry.Fault.DENIED);
            assertThat(heard.awaitTrouble(0, Duration.ofSeconds(8)))
                    .hasMessageEndingWith("etcdserver: invalid auth token");
            assertThat(heard.awaitTrouble(1, soon()))
                    .hasMessageEndingWith("etcdserver: authentication failed, invalid user ID or password");
            etcd.mend();
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void afterARestartTheListIsSaidToHold() throws Exception {
        etcd.publish(service().endpoints(0, 2));
        try (Watch watch = etcd.source().watch(heard)) {
            heard.awaitSize(2, soon());
            etcd.kill();
            heard.awaitTrouble(0, Duration.ofSeconds(3));
            etcd.start();
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }

    private static String uri(int i) {
        return "http://10.0.0." + i + ":8080";
    }
}
