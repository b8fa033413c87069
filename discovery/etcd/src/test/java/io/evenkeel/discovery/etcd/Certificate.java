package io.evenkeel.discovery.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate that signs itself, for one address, and its key; both in PEM. */
record Certificate(Path certificate, Path key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    static Certificate of(Path folder, String address) throws Exception {
        Path store = folder.resolve(address + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=etcd",
                        "-ext",
                        "SAN=ip:" + address,
                        "-validity",
                        "30",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        if (keytool.waitFor() != 0) {
            throw new AssertionError(said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new Certificate(
                pem(
                        folder.resolve(address + ".pem"),
                        "CERTIFICATE",
                        keys.getCertificate("it").getEncoded()),
                pem(
                        folder.resolve(address + ".key"),
                        "PRIVATE KEY",
                        keys.getKey("it", PASSWORD).getEncoded()));
    }

    private static Path pem(Path file, String what, byte[] content) throws Exception {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
