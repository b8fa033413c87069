package io.evenkeel.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The files of {@link TlsFiles}, and what is in them. */
record Credentials(Optional<Path> authorities, Optional<Path> chain, Optional<Path> key) {

    private static final char[] IN_MEMORY = {};

    /** What was read, the how manyeth time, and what the files were then. */
    record Read(int number, X509ExtendedKeyManager keys, X509ExtendedTrustManager trust, List<String> versions) {}

    Read read(int number) throws IOException, GeneralSecurityException {
        List<String> versions = versions(); // before they are read: what changes meanwhile is read again
        return new Read(number, keys(), trust(), versions);
    }

    /** That they are the same, as far as can be seen without reading. */
    List<String> versions() {
        List<String> versions = new ArrayList<>();
        Stream.of(authorities, chain, key).flatMap(Optional::stream).forEach(file -> versions.add(version(file)));
        return versions;
    }

    private static String version(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException e) {
            return "unreadable";
        }
    }

    private X509ExtendedKeyManager keys() throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        if (chain.isPresent() && key.isPresent()) {
            List<X509Certificate> certificates = Pem.certificates(chain.get());
            PrivateKey secret = Pem.key(key.get());
            if (!belongTogether(secret, certificates.get(0).getPublicKey())) {
                throw new IOException("the key in " + key.get() + " is not that of the certificate in " + chain.get());
            }
            store.setKeyEntry("own", secret, IN_MEMORY, certificates.toArray(new X509Certificate[0]));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("NewSunX509");
        factory.init(store, IN_MEMORY);
        return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }

    private static boolean belongTogether(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
        if (!secret.getAlgorithm().equals(open.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> secret.getAlgorithm();
                });
        byte[] anything = "anything".getBytes(StandardCharsets.US_ASCII);
        signature.initSign(secret);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(anything);
        return signature.verify(signed);
    }

    private X509ExtendedTrustManager trust() throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities.isPresent() ? trusted(authorities.get()) : null);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        for (X509Certificate certificate : Pem.certificates(file)) {
            store.setCertificateEntry("authority " + store.size(), certificate);
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
