package io.evenkeel.discovery.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for one address, issued by an authority of its own that nobody else knows, made by the JDK's keytool.
 *
 * @param keys a store in PKCS #12 with the certificate and its key
 * @param ca the authority's certificate, in PEM
 * @param certificate the certificate and the authority's, in PEM
 * @param key its key, in PEM
 */
public record Certificate(Path keys, Path ca, Path certificate, Path key) {

    /** Of the store. */
    public static final String PASSWORD = "changeit";

    /** A new one for an IP address, by a new authority. */
    public static Certificate of(Path folder, String name, String address) throws Exception {
        Path store = folder.resolve(name + ".p12");
        make(store, "ca", "-dname", "CN=authority of " + name, "-ext", "BC=ca:true");
        make(store, name, "-dname", "CN=" + name, "-ext", "SAN=ip:" + address + ",dns:localhost", "-signer", "ca");
        KeyStore keys = load(store);
        byte[] authority = keys.getCertificate("ca").getEncoded();
        byte[] own = keys.getCertificate(name).getEncoded();
        byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
        keys.deleteEntry("ca");
        try (var out = Files.newOutputStream(store)) {
            keys.store(out, PASSWORD.toCharArray());
        }
        return new Certificate(
                store,
                Files.writeString(folder.resolve(name + ".ca.pem"), pem("CERTIFICATE", authority)),
                Files.writeString(
                        folder.resolve(name + ".pem"), pem("CERTIFICATE", own) + pem("CERTIFICATE", authority)),
                Files.writeString(folder.resolve(name + ".key.pem"), pem("PRIVATE KEY", key)));
    }

    private static void make(Path store, String alias, String... more) throws Exception {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-keyalg",
                                "EC",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                store.toString()),
                        Arrays.stream(more))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(said);
        }
    }

    private static KeyStore load(Path store) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    /** For a server that shows it. */
    public SSLContext server() throws GeneralSecurityException, IOException {
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(load(keys), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), null, null);
        return context;
    }

    /** For a client that trusts its authority, and no other. */
    public SSLContext client() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", load(keys).getCertificateChain(alias())[1]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private String alias() throws GeneralSecurityException, IOException {
        return load(keys).aliases().nextElement();
    }
}
