package io.evenkeel.discovery.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate for one address, issued by an authority of its own that nobody else knows.
 *
 * @param keys a store in PKCS #12 with the certificate and its key
 * @param ca the authority's certificate, in PEM
 * @param certificate the certificate and the authority's, in PEM
 * @param key its key, in PEM
 */
public record Certificate(Path keys, Path ca, Path certificate, Path key) {

    /** Of the store. */
    public static final String PASSWORD = "changeit";

    private static final AtomicLong SERIAL = new AtomicLong();

    /** A new one for an IP address, by a new authority. */
    public static Certificate of(Path folder, String name, String address) throws Exception {
        KeyPair authorityKeys = newKeys();
        X500Name issuer = new X500Name("CN=authority of " + name);
        X509Certificate authority = sign(
                issuer, authorityKeys, issuer, authorityKeys, Extension.basicConstraints, new BasicConstraints(true));
        KeyPair ownKeys = newKeys();
        GeneralNames names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.iPAddress, address), new GeneralName(GeneralName.dNSName, "localhost")
        });
        X509Certificate own = sign(
                issuer, authorityKeys, new X500Name("CN=" + name), ownKeys, Extension.subjectAlternativeName, names);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        X509Certificate[] chain = {own, authority};
        keys.setKeyEntry(name, ownKeys.getPrivate(), PASSWORD.toCharArray(), chain);
        Path store = folder.resolve(name + ".p12");
        try (var out = Files.newOutputStream(store)) {
            keys.store(out, PASSWORD.toCharArray());
        }
        String authorityPem = pem("CERTIFICATE", authority.getEncoded());
        return new Certificate(
                store,
                Files.writeString(folder.resolve(name + ".ca.pem"), authorityPem),
                Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", own.getEncoded()) + authorityPem),
                Files.writeString(
                        folder.resolve(name + ".key.pem"),
                        pem("PRIVATE KEY", ownKeys.getPrivate().getEncoded())));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("EC").generateKeyPair();
    }

    /** From yesterday to tomorrow. */
    private static X509Certificate sign(
            X500Name issuer,
            KeyPair by,
            X500Name subject,
            KeyPair keys,
            ASN1ObjectIdentifier extension,
            ASN1Encodable value)
            throws Exception {
        Instant now = Instant.now();
        byte[] encoded = new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.valueOf(SERIAL.incrementAndGet()),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        subject,
                        keys.getPublic())
                .addExtension(extension, false, value)
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
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
