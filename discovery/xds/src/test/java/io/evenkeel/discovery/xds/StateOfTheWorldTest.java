package io.evenkeel.discovery.xds;

import static io.evenkeel.discovery.xds.Messages.CLUSTER;
import static io.evenkeel.discovery.xds.Messages.ENDPOINTS;
import static io.evenkeel.discovery.xds.Messages.assignmentOf;
import static io.evenkeel.discovery.xds.Messages.cluster;
import static io.evenkeel.discovery.xds.Messages.garbage;
import static io.evenkeel.discovery.xds.Messages.heartbeat;
import static io.evenkeel.discovery.xds.Messages.world;
import static io.evenkeel.discovery.xds.Messages.wrapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.Observer;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.contract.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said and told in the variant where each request names all that is wanted. */
class StateOfTheWorldTest {

    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final Node NODE = Node.newBuilder().setId("web-1").build();
    private static final Endpoint A = Endpoint.of("http://10.0.0.1:80");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:80");

    private final Heard heard = new Heard();
    private Conversation<DiscoveryRequest, DiscoveryResponse> conversation = conversation(false);

    private static Conversation<DiscoveryRequest, DiscoveryResponse> conversation(boolean clusterFirst) {
        Question question = new Question("orders", clusterFirst, false, "http", NODE);
        return new Conversation<>(new StateOfTheWorld(NODE), question, new Told("xds://cp:1/orders"));
    }

    // Endpoints

    @Test
    void aStreamBeginsWithTheNodeTheNameAndNoVersion() {
        assertThat(conversation.begin()).containsExactly(request(ENDPOINTS, "orders", "", ""));
    }

    @Test
    void aGoodAnswerIsPublishedAndAcceptedByVersionAndNonce() throws Exception {
        conversation.begin();

        assertThat(take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1"))))
                .containsExactly(request(ENDPOINTS, "orders", "7", "n1"));
        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void theSameEndpointsAgainAreNoNews() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        assertThat(take(world(ENDPOINTS, "8", "n2", assignmentOf("orders", "10.0.0.1"))))
                .containsExactly(request(ENDPOINTS, "orders", "8", "n2"));
        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.confirmations()).isEqualTo(1);
    }

    @Test
    void anEmptyAssignmentIsAnEmptyList() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        take(world(ENDPOINTS, "8", "n2", assignmentOf("orders")));

        assertThat(heard.lists()).containsExactly(List.of(A), List.of());
    }

    @Test
    void anAnswerWithoutOursIsAcceptedAndSaysNothing() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        assertThat(take(world(ENDPOINTS, "8", "n2", assignmentOf("bills", "10.0.0.9"))))
                .containsExactly(request(ENDPOINTS, "orders", "8", "n2"));
        assertThat(take(world(ENDPOINTS, "9", "n3"))).containsExactly(request(ENDPOINTS, "orders", "9", "n3"));
        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void anAnswerAboutWhatNobodyAskedForIsPassedOver() throws Exception {
        conversation.begin();

        assertThat(take(world(CLUSTER, "7", "n1", cluster("orders", "")))).isEmpty();
        assertThat(take(world("type.googleapis.com/envoy.config.listener.v3.Listener", "7", "n1")))
                .isEmpty();
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void resourcesThatEndAfterATimeAreTakenOutOfWhatTheyArePackedIn() throws Exception {
        conversation = conversation(true);
        conversation.begin();

        take(world(CLUSTER, "1", "n1", wrapped("orders", cluster("orders", ""))));
        assertThat(take(world(ENDPOINTS, "7", "n2", wrapped("orders", assignmentOf("orders", "10.0.0.1")))))
                .containsExactly(request(ENDPOINTS, "orders", "7", "n2"));

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void thatAResourceIsStillAliveIsNoLoss() throws Exception {
        followOrders();

        assertThat(take(world(CLUSTER, "2", "n3", heartbeat("orders"))))
                .containsExactly(request(CLUSTER, "orders", "2", "n3"));
        assertThat(take(world(ENDPOINTS, "6", "n4", heartbeat("orders"))))
                .containsExactly(request(ENDPOINTS, "orders", "6", "n4"));

        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void whatIsPackedAndCannotBeReadIsRefused() throws Exception {
        conversation.begin();

        assertThat(refusal(world(ENDPOINTS, "7", "n1", wrapped("orders", garbage(ENDPOINTS)))))
                .startsWith("holds what is no ClusterLoadAssignment: ");
        assertThat(refusal(world(
                        ENDPOINTS, "8", "n2", garbage("type.googleapis.com/envoy.service.discovery.v3.Resource"))))
                .startsWith("holds what is no ClusterLoadAssignment: ");
    }

    // Refusals

    @Test
    void whatCannotBeReadIsRefusedWithTheLastGoodVersionAndTheReason() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        List<DiscoveryRequest> said = take(world(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));

        assertThat(said).singleElement().satisfies(nack -> {
            assertThat(nack.getVersionInfo()).isEqualTo("7");
            assertThat(nack.getResponseNonce()).isEqualTo("n2");
            assertThat(nack.getResourceNamesList()).containsExactly("orders");
            assertThat(nack.getErrorDetail().getCode()).isEqualTo(3);
            assertThat(nack.getErrorDetail().getMessage()).startsWith("holds what is no ClusterLoadAssignment: ");
        });
        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages())
                .singleElement()
                .asString()
                .startsWith(
                        "xds://cp:1/orders: what the control plane says of the endpoints of orders holds what is no");
    }

    @Test
    void aResourceOfAnotherTypeIsRefused() throws Exception {
        conversation.begin();

        assertThat(refusal(world(ENDPOINTS, "7", "n1", cluster("orders", "")))).contains("ClusterLoadAssignment");
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void aResourceThatIsThereTwiceIsRefused() throws Exception {
        conversation.begin();
        Message once = assignmentOf("orders", "10.0.0.1");

        assertThat(refusal(world(ENDPOINTS, "7", "n1", once, once))).isEqualTo("holds orders twice");
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void endpointsOfWhichNoneIsUsableAreRefused() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        assertThat(refusal(world(ENDPOINTS, "8", "n2", assignmentOf("orders", "no host"))))
                .startsWith("has no usable endpoint: entry 0 is dropped");
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @Test
    void afterARefusalAGoodAnswerIsPublished() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "8", "n1", garbage(ENDPOINTS)));

        assertThat(take(world(ENDPOINTS, "9", "n2", assignmentOf("orders", "10.0.0.1"))))
                .containsExactly(request(ENDPOINTS, "orders", "9", "n2"));
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @Test
    void theSameRefusedTwiceEndsTheStream() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "8", "n1", garbage(ENDPOINTS)));

        assertThatIOException()
                .isThrownBy(() -> take(world(ENDPOINTS, "8", "n2", garbage(ENDPOINTS))))
                .withMessage(heard.messages().getFirst()); // and so no news to a balancer
    }

    @Test
    void anotherOneOfNoUseIsRefusedTooAndTheStreamGoesOn() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "8", "n1", garbage(ENDPOINTS)));

        assertThat(refusal(world(ENDPOINTS, "9", "n2", garbage(ENDPOINTS)))).contains("ClusterLoadAssignment");
        assertThat(heard.messages()).hasSize(1); // the same trouble again is no news
    }

    @Test
    void anEndpointThatIsNoneIsReportedOnceAndTheRestUsed() throws Exception {
        conversation.begin();

        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1", "no host")));
        assertThat(take(world(ENDPOINTS, "8", "n2", assignmentOf("orders", "10.0.0.2", "no host"))))
                .containsExactly(request(ENDPOINTS, "orders", "8", "n2"));

        assertThat(heard.lists()).containsExactly(List.of(A), List.of(B));
        assertThat(heard.messages()).singleElement().asString().startsWith("xds://cp:1/orders: entry 1 is dropped: ");
    }

    // The next stream

    @Test
    void theNextStreamBeginsWithTheVersionThatIsKnownAndWithoutANonce() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));
        take(world(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));

        assertThat(conversation.begin()).containsExactly(request(ENDPOINTS, "orders", "7", ""));
    }

    @Test
    void theNextStreamNamesNoVersionAsLongAsNothingIsHeld() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("bills", "10.0.0.9")));

        assertThat(conversation.begin()).containsExactly(request(ENDPOINTS, "orders", "", ""));
    }

    @Test
    void onTheNextStreamTheSameListIsConfirmed() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        conversation.begin();
        take(world(ENDPOINTS, "7", "1", assignmentOf("orders", "10.0.0.1")));

        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.confirmations()).isEqualTo(1);
    }

    @Test
    void whatWasRefusedOnOneStreamMayBeRefusedOnTheNext() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "8", "n1", garbage(ENDPOINTS)));

        conversation.begin();
        assertThat(refusal(world(ENDPOINTS, "8", "n1", garbage(ENDPOINTS)))).isNotBlank();
    }

    // Silence

    @Test
    void silenceBeforeTheFirstAnswerIsTroubleOnce() {
        conversation.begin();

        quiet();
        quiet();

        assertThat(heard.messages())
                .containsExactly(
                        "xds://cp:1/orders: the control plane has said nothing of the endpoints of orders for PT15S");
        assertThat(heard.confirmations()).isZero();
    }

    @Test
    void silenceWhileAListIsHeldConfirmsIt() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));

        quiet();
        conversation.begin();
        quiet();

        assertThat(heard.confirmations()).isEqualTo(2);
        assertThat(heard.messages()).isEmpty();
    }

    @Test
    void silenceAfterARefusalConfirmsNothingUntilTheNextStream() throws Exception {
        conversation.begin();
        take(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));
        take(world(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));

        quiet();
        assertThat(heard.confirmations()).isZero();

        conversation.begin();
        quiet();
        assertThat(heard.confirmations()).isEqualTo(1);
    }

    // The cluster first

    @Test
    void theClusterIsAskedForFirstAndThenItsEndpointsByTheirName() throws Exception {
        conversation = conversation(true);

        assertThat(conversation.begin()).containsExactly(request(CLUSTER, "orders", "", ""));
        assertThat(take(world(CLUSTER, "1", "n1", cluster("bills", ""), cluster("orders", "orders-v2"))))
                .containsExactly(request(CLUSTER, "orders", "1", "n1"), request(ENDPOINTS, "orders-v2", "", ""));
        assertThat(take(world(ENDPOINTS, "5", "n2", assignmentOf("orders-v2", "10.0.0.1"))))
                .containsExactly(request(ENDPOINTS, "orders-v2", "5", "n2"));
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @Test
    void aClusterWithoutAnotherNameHasEndpointsOfItsOwn() throws Exception {
        conversation = conversation(true);
        conversation.begin();

        assertThat(take(world(CLUSTER, "1", "n1", cluster("orders", ""))))
                .containsExactly(request(CLUSTER, "orders", "1", "n1"), request(ENDPOINTS, "orders", "", ""));
    }

    @Test
    void anotherNameOfTheEndpointsReplacesTheLast() throws Exception {
        followOrders();

        assertThat(take(world(CLUSTER, "2", "n3", cluster("orders", "orders-v2"))))
                .containsExactly(request(CLUSTER, "orders", "2", "n3"), request(ENDPOINTS, "orders-v2", "5", "n2"));
        take(world(ENDPOINTS, "5", "n4", assignmentOf("orders", "10.0.0.9")));
        take(world(ENDPOINTS, "6", "n5", assignmentOf("orders-v2", "10.0.0.2")));
        assertThat(heard.lists()).containsExactly(List.of(A), List.of(B));
    }

    @Test
    void theSameClusterAgainAsksForNothingMore() throws Exception {
        followOrders();

        assertThat(take(world(CLUSTER, "2", "n3", cluster("orders", ""))))
                .containsExactly(request(CLUSTER, "orders", "2", "n3"));
    }

    @Test
    void theNextStreamAsksForBothAtOnce() throws Exception {
        followOrders();

        assertThat(conversation.begin())
                .containsExactly(request(CLUSTER, "orders", "1", ""), request(ENDPOINTS, "orders", "5", ""));
    }

    @Test
    void aClusterThatIsNotAmongAllIsTroubleOnceAndTheListStays() throws Exception {
        followOrders();

        assertThat(take(world(CLUSTER, "2", "n3", cluster("bills", ""))))
                .containsExactly(request(CLUSTER, "orders", "2", "n3"));
        take(world(CLUSTER, "3", "n4"));
        quiet();

        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.messages()).containsExactly("xds://cp:1/orders: the control plane has no cluster orders");
        assertThat(heard.confirmations()).isZero();
    }

    @Test
    void aClusterThatIsBackEndsTheTrouble() throws Exception {
        followOrders();
        take(world(CLUSTER, "2", "n3"));

        take(world(CLUSTER, "3", "n4", cluster("orders", "")));
        quiet();

        assertThat(heard.confirmations()).isEqualTo(1);
    }

    @Test
    void theEndpointsOfAClusterThatIsGoneAreUsedAndTheTroubleGoesOn() throws Exception {
        followOrders();
        take(world(CLUSTER, "2", "n3"));

        take(world(ENDPOINTS, "6", "n4", assignmentOf("orders", "10.0.0.1")));
        take(world(ENDPOINTS, "7", "n5", assignmentOf("orders", "10.0.0.2")));
        quiet();
        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A), List.of(B));
        assertThat(heard.confirmations()).isZero();

        take(world(CLUSTER, "3", "n6", cluster("orders", "")));
        quiet();
        quiet();
        assertThat(heard.lists()).containsExactly(List.of(A), List.of(A), List.of(B), List.of(B));
        assertThat(heard.confirmations()).isEqualTo(1);
        assertThat(heard.messages()).containsExactly("xds://cp:1/orders: the control plane has no cluster orders");
    }

    @Test
    void thatAClusterIsGoneStaysToldOnTheNextStreamThoughTheEndpointsComeFirst() throws Exception {
        followOrders();
        take(world(CLUSTER, "2", "n3"));

        conversation.begin();
        take(world(ENDPOINTS, "5", "1", assignmentOf("orders", "10.0.0.1")));
        take(world(CLUSTER, "2", "2"));
        quiet();
        assertThat(heard.confirmations()).isZero();
        assertThat(heard.messages()).containsExactly("xds://cp:1/orders: the control plane has no cluster orders");

        take(world(CLUSTER, "3", "3", cluster("orders", "")));
        quiet();
        quiet();
        assertThat(heard.confirmations()).isEqualTo(1);
    }

    @Test
    void aBalancerHearsThatAClusterIsBackOnceItIs() throws Exception {
        List<String> events = new ArrayList<>();
        Observer observer = new Observer() {
            @Override
            public void sourceFailed(SourceFailed event) {
                events.add(event.cause().getMessage());
            }

            @Override
            public void sourceRecovered(SourceRecovered event) {
                events.add("in order");
            }
        };
        List<Listener> listeners = new ArrayList<>();
        EndpointSource source = listener -> {
            listeners.add(listener);
            return () -> {};
        };
        try (LoadBalancer orders =
                LoadBalancer.builder("orders").source(source).observer(observer).build()) {
            Listener balancer = listeners.getFirst();
            conversation = conversation(true);
            conversation.begin();
            conversation.take(world(CLUSTER, "1", "n1", cluster("orders", "")), balancer);
            conversation.take(world(ENDPOINTS, "5", "n2", assignmentOf("orders", "10.0.0.1")), balancer);
            conversation.take(world(CLUSTER, "2", "n3"), balancer);
            conversation.take(world(ENDPOINTS, "6", "n4", assignmentOf("orders", "10.0.0.1")), balancer);
            conversation.take(world(ENDPOINTS, "7", "n5", assignmentOf("orders", "10.0.0.2")), balancer);
            assertThat(orders.endpoints()).containsExactly(B);
            conversation.begin();
            conversation.take(world(ENDPOINTS, "8", "1", assignmentOf("orders", "10.0.0.1")), balancer);
            assertThat(orders.endpoints()).containsExactly(A);
            assertThat(events).containsExactly("xds://cp:1/orders: the control plane has no cluster orders");

            conversation.take(world(CLUSTER, "3", "2", cluster("orders", "")), balancer);
            conversation.quiet(QUIET, balancer);
            assertThat(events)
                    .containsExactly("xds://cp:1/orders: the control plane has no cluster orders", "in order");
            assertThat(orders.stats().sourceError()).isEmpty();
        }
    }

    @Test
    void aClusterWhoseEndpointsAreNotAskedForIsRefused() throws Exception {
        conversation = conversation(true);
        conversation.begin();
        Cluster dns = Cluster.newBuilder()
                .setName("orders")
                .setType(Cluster.DiscoveryType.STRICT_DNS)
                .build();

        assertThat(refusal(world(CLUSTER, "1", "n1", dns))).isEqualTo("is of type STRICT_DNS, but must be EDS");
    }

    @Test
    void silenceNamesWhatIsMissing() throws Exception {
        conversation = conversation(true);
        conversation.begin();
        quiet();
        take(world(CLUSTER, "1", "n1", cluster("orders", "orders-v2")));
        quiet();

        assertThat(heard.messages())
                .containsExactly(
                        "xds://cp:1/orders: the control plane has said nothing of the cluster orders for PT15S",
                        "xds://cp:1/orders: the control plane has said nothing of the endpoints of orders-v2 for PT15S");
    }

    // Words of these tests

    private void followOrders() throws Exception {
        conversation = conversation(true);
        conversation.begin();
        take(world(CLUSTER, "1", "n1", cluster("orders", "")));
        take(world(ENDPOINTS, "5", "n2", assignmentOf("orders", "10.0.0.1")));
    }

    private List<DiscoveryRequest> take(DiscoveryResponse response) throws Exception {
        return conversation.take(response, heard);
    }

    private String refusal(DiscoveryResponse response) throws Exception {
        List<DiscoveryRequest> said = take(response);
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().hasErrorDetail()).isTrue();
        return said.getFirst().getErrorDetail().getMessage();
    }

    private void quiet() {
        conversation.quiet(QUIET, heard);
    }

    private static DiscoveryRequest request(String type, String name, String version, String nonce) {
        return DiscoveryRequest.newBuilder()
                .setNode(NODE)
                .setTypeUrl(type)
                .addResourceNames(name)
                .setVersionInfo(version)
                .setResponseNonce(nonce)
                .build();
    }
}
