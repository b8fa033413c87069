package io.evenkeel.examples.clients.kubernetes;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Has the client of Kubernetes send its requests to whichever of several API servers is best. */
public final class BalancedApiServers extends JdkHttpClientFactory {

    private final LoadBalancer servers;
    private final Set<HttpClient> built = ConcurrentHashMap.newKeySet();

    private BalancedApiServers(LoadBalancer servers) {
        this.servers = servers;
    }

    /** A client of Kubernetes whose master, in {@code config}, has the name of the balancer for a host. */
    public static KubernetesClient client(Config config, LoadBalancer servers) {
        config.setRequestRetryBackoffLimit(0); // the balancer repeats, elsewhere
        config.setOnlyHttpWatches(true); // WebSockets are not balanced
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new BalancedApiServers(servers))
                .build();
    }

    /** A builder that takes all settings, such as certificates, for the transport, and builds a client that balances. */
    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
        HttpClient.Builder transport = HttpClient.newBuilder();
        return (HttpClient.Builder) Proxy.newProxyInstance(
                HttpClient.Builder.class.getClassLoader(),
                new Class<?>[] {HttpClient.Builder.class},
                (builder, method, arguments) -> {
                    if (method.getName().equals("build")) {
                        return balanced(transport);
                    }
                    method.invoke(transport, arguments);
                    return builder;
                });
    }

    /** API servers redirect nobody. */
    @Override
    protected void additionalConfig(HttpClient.Builder builder) {
        builder.followRedirects(HttpClient.Redirect.NEVER);
    }

    private HttpClient balanced(HttpClient.Builder transport) {
        HttpClient client = BalancedHttpClient.builder()
                .transport(() -> transport)
                .balance(servers)
                .build();
        built.add(client);
        return client;
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl closed) {
        built.forEach(HttpClient::shutdownNow);
    }
}
