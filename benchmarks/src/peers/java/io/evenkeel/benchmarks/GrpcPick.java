package io.evenkeel.benchmarks;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ChannelLogger;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** gRPC: a pick over subchannels that are all ready, and the stream's tracer, which counts the calls in flight. */
final class GrpcPick extends PeerPick {

    private static final ClientStreamTracer.StreamInfo STREAM =
            ClientStreamTracer.StreamInfo.newBuilder().build();
    private static final Metadata HEADERS = new Metadata();
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private final LoadBalancer.PickSubchannelArgs call = new Args();
    private LoadBalancer.SubchannelPicker picker;

    GrpcPick(LoadBalancerProvider kind, int replicas) {
        List<EquivalentAddressGroup> addresses = new ArrayList<>();
        for (int replica = 0; replica < replicas; replica++) {
            addresses.add(new EquivalentAddressGroup(InetSocketAddress.createUnresolved(host(replica), 8080)));
        }
        Helper helper = new Helper();
        LoadBalancer balancer = kind.newLoadBalancer(helper);
        helper.context.execute(() -> {
            balancer.acceptResolvedAddresses(LoadBalancer.ResolvedAddresses.newBuilder()
                    .setAddresses(addresses)
                    .setLoadBalancingPolicyConfig(
                            kind.parseLoadBalancingPolicyConfig(Map.of()).getConfig())
                    .build());
            helper.subchannels.forEach(Subchannel::ready);
        });
        if (helper.subchannels.size() != replicas || picker == null) {
            throw new IllegalStateException(helper.subchannels.size() + " subchannels");
        }
    }

    @Override
    Object once() {
        LoadBalancer.PickResult result = picker.pickSubchannel(call);
        ClientStreamTracer.Factory factory = result.getStreamTracerFactory();
        if (factory != null) {
            ClientStreamTracer tracer = factory.newClientStreamTracer(STREAM, HEADERS);
            tracer.streamCreated(Attributes.EMPTY, HEADERS);
            tracer.streamClosed(Status.OK);
        }
        return result.getSubchannel();
    }

    private final class Helper extends LoadBalancer.Helper {

        private final List<Subchannel> subchannels = new ArrayList<>();
        private final SynchronizationContext context = new SynchronizationContext((thread, e) -> e.printStackTrace());

        @Override
        public LoadBalancer.Subchannel createSubchannel(LoadBalancer.CreateSubchannelArgs args) {
            Subchannel subchannel = new Subchannel(args);
            subchannels.add(subchannel);
            return subchannel;
        }

        @Override
        public void updateBalancingState(ConnectivityState state, LoadBalancer.SubchannelPicker newPicker) {
            picker = newPicker;
        }

        @Override
        public ManagedChannel createOobChannel(EquivalentAddressGroup addresses, String authority) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SynchronizationContext getSynchronizationContext() {
            return context;
        }

        @Override
        public ScheduledExecutorService getScheduledExecutorService() {
            return TIMER;
        }

        @Override
        public ChannelLogger getChannelLogger() {
            return new NoLogger();
        }

        @Override
        public String getAuthority() {
            return "orders";
        }
    }

    private static final class Subchannel extends LoadBalancer.Subchannel {

        private final LoadBalancer.CreateSubchannelArgs args;
        private LoadBalancer.SubchannelStateListener listener = state -> {};

        Subchannel(LoadBalancer.CreateSubchannelArgs args) {
            this.args = args;
        }

        void ready() {
            listener.onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.READY));
        }

        @Override
        public void start(LoadBalancer.SubchannelStateListener listener) {
            this.listener = listener;
        }

        @Override
        public List<EquivalentAddressGroup> getAllAddresses() {
            return args.getAddresses();
        }

        @Override
        public Attributes getAttributes() {
            return args.getAttributes();
        }

        @Override
        public void requestConnection() {}

        @Override
        public void shutdown() {}
    }

    private static final class NoLogger extends ChannelLogger {

        @Override
        public void log(ChannelLogLevel level, String message) {}

        @Override
        public void log(ChannelLogLevel level, String messageFormat, Object... args) {}
    }

    private static final class Args extends LoadBalancer.PickSubchannelArgs {

        private static final MethodDescriptor<InputStream, InputStream> METHOD =
                MethodDescriptor.<InputStream, InputStream>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("orders/get")
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build();

        @Override
        public CallOptions getCallOptions() {
            return CallOptions.DEFAULT;
        }

        @Override
        public Metadata getHeaders() {
            return HEADERS;
        }

        @Override
        public MethodDescriptor<?, ?> getMethodDescriptor() {
            return METHOD;
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {

        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            return new ByteArrayInputStream(new byte[0]);
        }
    }
}
