package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** The JDK's HTTP client, one, whose connections and threads end with it. The class above leaves them to the garbage collection, as it had to before Java 21. */
final class Transport extends JdkHttpClientFactory {

    private volatile @Nullable HttpClient client;

    /** A builder that shows us what is built, for nobody else does. */
    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
        HttpClient.Builder builder = super.createNewHttpClientBuilder();
        return (HttpClient.Builder) Proxy.newProxyInstance(
                HttpClient.Builder.class.getClassLoader(),
                new Class<?>[] {HttpClient.Builder.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(builder, arguments);
                    if (result instanceof HttpClient built) {
                        client = built;
                    }
                    return result instanceof HttpClient.Builder ? proxy : result;
                });
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl ours) {
        HttpClient built = client;
        if (built != null) {
            built.shutdownNow();
        }
        super.closeHttpClient(ours);
    }
}
