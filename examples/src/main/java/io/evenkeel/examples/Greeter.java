package io.evenkeel.examples;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.AbstractBlockingStub;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.UnaryMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A service of gRPC with one method, in the form in which a generator would write it; its messages are plain text. */
final class Greeter {

    private static final String NAME = "examples.Greeter";

    private static final MethodDescriptor<String, String> HELLO = MethodDescriptor.newBuilder(new Text(), new Text())
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Hello"))
            .build();

    private Greeter() {}

    static ServerServiceDefinition service(UnaryMethod<String, String> hello) {
        return ServerServiceDefinition.builder(NAME)
                .addMethod(HELLO, ServerCalls.asyncUnaryCall(hello))
                .build();
    }

    static Stub stub(Channel channel) {
        return new Stub(channel, CallOptions.DEFAULT);
    }

    /** The caller's side. */
    static final class Stub extends AbstractBlockingStub<Stub> {

        private Stub(Channel channel, CallOptions options) {
            super(channel, options);
        }

        @Override
        protected Stub build(Channel channel, CallOptions options) {
            return new Stub(channel, options);
        }

        String hello(String name) {
            return ClientCalls.blockingUnaryCall(getChannel(), HELLO, getCallOptions(), name);
        }
    }

    private static final class Text implements Marshaller<String> {

        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream bytes) {
            try {
                return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
