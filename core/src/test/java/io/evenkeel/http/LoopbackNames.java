package io.evenkeel.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Locale;
import java.util.stream.Stream;

/** Lets every name that ends in {@code .test} be this machine, by IPv6 if it begins with {@code six}, but for those that
 * begin with {@code nowhere}: a service then has the same name for the JDK's client as for ours. Found by the JDK as a service provider. */
public final class LoopbackNames extends InetAddressResolverProvider {

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new Resolver(configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "names that end in .test";
    }

    private record Resolver(InetAddressResolver others) implements InetAddressResolver {

        private static final byte[] FOUR = {127, 0, 0, 1};
        private static final byte[] SIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            String name = host.toLowerCase(Locale.ROOT);
            if (!name.endsWith(".test")) {
                return others.lookupByName(host, policy);
            }
            if (name.startsWith("nowhere")) {
                throw new UnknownHostException(host);
            }
            return Stream.of(InetAddress.getByAddress(host, name.startsWith("six") ? SIX : FOUR));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return others.lookupByAddress(address);
        }
    }
}
