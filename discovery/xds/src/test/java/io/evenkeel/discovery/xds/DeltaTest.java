package io.evenkeel.discovery.xds;

import static io.evenkeel.discovery.xds.Messages.CLUSTER;
import static io.evenkeel.discovery.xds.Messages.ENDPOINTS;
import static io.evenkeel.discovery.xds.Messages.assignmentOf;
import static io.evenkeel.discovery.xds.Messages.changed;
import static io.evenkeel.discovery.xds.Messages.cluster;
import static io.evenkeel.discovery.xds.Messages.garbage;
import static io.evenkeel.discovery.xds.Messages.removed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.contract.Heard;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said and told in the variant where only changes are said. */
class DeltaTest {

    private static final Node NODE = Node.newBuilder().setId("web-1").build();
    private static final Endpoint A = Endpoint.of("http://10.0.0.1:80");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:80");

    private final Heard heard = new Heard();
    private Conversation<DeltaDiscoveryRequest, DeltaDiscoveryResponse> conversation = conversation(false);

    private static Conversation<DeltaDiscoveryRequest, DeltaDiscoveryResponse> conversation(boolean clusterFirst) {
        Question question = new Question("orders", clusterFirst, true, "http", NODE);
        return new Conversation<>(new Delta(NODE), question, new Told("xds://cp:1/orders"));
    }

    // Endpoints

    @Test
    void aStreamBeginsWithASubscription() {
        assertThat(conversation.begin())
                .containsExactly(
                        request(ENDPOINTS).addResourceNamesSubscribe("orders").build());
    }

    @Test
    void aGoodAnswerIsPublishedAndAcceptedByItsNonce() throws Exception {
        conversation.begin();

        assertThat(take(changed(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1"))))
                .containsExactly(request(ENDPOINTS).setResponseNonce("n1").build());
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @Test
    void aRemovalIsTroubleOnceAndTheListStays() throws Exception {
        holdOrders();

        take(removed(ENDPOINTS, "n2", "bills", "orders"));
        take(removed(ENDPOINTS, "n3", "orders"));
        quiet();

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).containsExactly("xds://cp:1/orders: the control plane has no endpoints of orders");
        assertThat(heard.confirmations()).isZero();
    }

    @Test
    void aRemovalIsAcceptedAndTheResourceAskedForOnceMore() throws Exception {
        holdOrders();

        assertThat(take(removed(ENDPOINTS, "n2", "orders")))
                .containsExactly(request(ENDPOINTS)
                        .setResponseNonce("n2")
                        .addResourceNamesSubscribe("orders")
                        .build());
        assertThat(take(removed(ENDPOINTS, "n3", "orders")))
                .containsExactly(request(ENDPOINTS).setResponseNonce("n3").build());
    }

    @Test
    void whatIsBackAfterARemovalIsUsedAgain() throws Exception {
        holdOrders();
        take(removed(ENDPOINTS, "n2", "orders"));

        take(changed(ENDPOINTS, "8", "n3", assignmentOf("orders", "10.0.0.1")));
        take(changed(ENDPOINTS, "9", "n4", assignmentOf("orders", "10.0.0.2")));

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(B));
        assertThat(heard.confirmations()).isEqualTo(1);
    }

    @Test
    void aRemovalOfOthersSaysNothing() throws Exception {
        holdOrders();

        assertThat(take(removed(ENDPOINTS, "n2", "bills")))
                .containsExactly(request(ENDPOINTS).setResponseNonce("n2").build());
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void aSignOfLifeWithoutTheResourceIsAcceptedAndChangesNothing() throws Exception {
        holdOrders();
        DeltaDiscoveryResponse alive = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ENDPOINTS)
                .setNonce("n2")
                .addResources(Resource.newBuilder().setName("orders").setVersion("7"))
                .build();

        assertThat(take(alive))
                .containsExactly(request(ENDPOINTS).setResponseNonce("n2").build());
        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).isEmpty();
    }

    // Refusals

    @Test
    void whatCannotBeReadIsRefusedByItsNonceWithTheReason() throws Exception {
        holdOrders();

        List<DeltaDiscoveryRequest> said = take(changed(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));

        assertThat(said).singleElement().satisfies(nack -> {
            assertThat(nack.getResponseNonce()).isEqualTo("n2");
            assertThat(nack.getResourceNamesSubscribeList()).isEmpty();
            assertThat(nack.getErrorDetail().getMessage()).startsWith("holds what is no ClusterLoadAssignment");
        });
        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).hasSize(1);
    }

    @Test
    void theSameRefusedTwiceEndsTheStream() throws Exception {
        holdOrders();
        take(changed(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));

        assertThatIOException().isThrownBy(() -> take(changed(ENDPOINTS, "8", "n3", garbage(ENDPOINTS))));
    }

    @Test
    void anotherVersionOfTheResourceIsNotTheSameThoughThatOfTheWholeIs() throws Exception {
        holdOrders();
        take(ofTheWhole("system-8", changed(ENDPOINTS, "8", "n2", garbage(ENDPOINTS))));

        assertThat(take(ofTheWhole("system-8", changed(ENDPOINTS, "9", "n3", garbage(ENDPOINTS)))))
                .hasSize(1);
        assertThatIOException()
                .isThrownBy(() -> take(ofTheWhole("system-9", changed(ENDPOINTS, "9", "n4", garbage(ENDPOINTS)))));
    }

    @Test
    void withoutVersionsItIsTheSameIfItsContentIs() throws Exception {
        holdOrders();
        take(ofTheWhole("", changed(ENDPOINTS, "", "n2", garbage(ENDPOINTS))));

        assertThat(take(ofTheWhole("", changed(ENDPOINTS, "", "n3", garbage(CLUSTER)))))
                .hasSize(1);
        assertThatIOException().isThrownBy(() -> take(ofTheWhole("", changed(ENDPOINTS, "", "n4", garbage(CLUSTER)))));
    }

    // The next stream

    @Test
    void theNextStreamNamesTheVersionThatIsHeld() throws Exception {
        holdOrders();
        take(changed(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));
        conversation.begin();
        take(removed(ENDPOINTS, "n1", "bills"));

        assertThat(conversation.begin())
                .containsExactly(request(ENDPOINTS)
                        .addResourceNamesSubscribe("orders")
                        .putInitialResourceVersions("orders", "7")
                        .build());
    }

    @Test
    void theNextStreamNamesNoVersionOfWhatIsRemoved() throws Exception {
        holdOrders();
        take(removed(ENDPOINTS, "n2", "orders"));

        assertThat(conversation.begin())
                .containsExactly(
                        request(ENDPOINTS).addResourceNamesSubscribe("orders").build());
    }

    @Test
    void silenceOnTheNextStreamConfirmsTheList() throws Exception {
        holdOrders();
        conversation.begin();

        quiet();

        assertThat(heard.confirmations()).isEqualTo(1);
        assertThat(heard.messages()).isEmpty();
    }

    // The cluster first

    @Test
    void theClusterIsAskedForFirstAndThenItsEndpoints() throws Exception {
        conversation = conversation(true);

        assertThat(conversation.begin())
                .containsExactly(
                        request(CLUSTER).addResourceNamesSubscribe("orders").build());
        assertThat(take(changed(CLUSTER, "1", "n1", cluster("orders", "orders-v2"))))
                .containsExactly(
                        request(CLUSTER).setResponseNonce("n1").build(),
                        request(ENDPOINTS)
                                .addResourceNamesSubscribe("orders-v2")
                                .build());
    }

    @Test
    void anotherNameOfTheEndpointsIsAskedForInsteadOfTheLast() throws Exception {
        conversation = conversation(true);
        conversation.begin();
        take(changed(CLUSTER, "1", "n1", cluster("orders", "")));
        take(changed(ENDPOINTS, "7", "n2", assignmentOf("orders", "10.0.0.1")));

        assertThat(take(changed(CLUSTER, "2", "n3", cluster("orders", "orders-v2"))))
                .containsExactly(
                        request(CLUSTER).setResponseNonce("n3").build(),
                        request(ENDPOINTS)
                                .addResourceNamesSubscribe("orders-v2")
                                .addResourceNamesUnsubscribe("orders")
                                .build());
    }

    @Test
    void anAnswerAboutOtherClustersSaysNothingOfOurs() throws Exception {
        conversation = conversation(true);
        conversation.begin();
        take(changed(CLUSTER, "1", "n1", cluster("orders", "")));

        take(changed(CLUSTER, "2", "n2", cluster("bills", "")));

        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void aClusterThatIsRemovedIsTrouble() throws Exception {
        conversation = conversation(true);
        conversation.begin();
        take(changed(CLUSTER, "1", "n1", cluster("orders", "")));

        take(removed(CLUSTER, "n2", "orders"));

        assertThat(heard.messages()).containsExactly("xds://cp:1/orders: the control plane has no cluster orders");
    }

    // Words of these tests

    private void holdOrders() throws Exception {
        conversation.begin();
        take(changed(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));
    }

    private List<DeltaDiscoveryRequest> take(DeltaDiscoveryResponse response) throws Exception {
        return conversation.take(response, heard);
    }

    private void quiet() {
        conversation.quiet(Duration.ofSeconds(15), heard);
    }

    private static DeltaDiscoveryResponse ofTheWhole(String version, DeltaDiscoveryResponse response) {
        return response.toBuilder().setSystemVersionInfo(version).build();
    }

    private static DeltaDiscoveryRequest.Builder request(String type) {
        return DeltaDiscoveryRequest.newBuilder().setNode(NODE).setTypeUrl(type);
    }
}
