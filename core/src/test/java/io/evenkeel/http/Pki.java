package io.evenkeel.http;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of its own, and certificates that it signs. */
final class Pki {

    private static final Duration DAY = Duration.ofDays(1);
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final X500Name name;
    private final Identity authority;

    /** A certificate and its key. */
    record Identity(X509Certificate certificate, KeyPair keys) {

        Path writeCertificate(Path file) throws Exception {
            return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
        }

        /** The certificate and then the key. */
        Path writeAll(Path file) throws Exception {
            return Files.writeString(
                    file,
                    pem("CERTIFICATE", certificate.getEncoded())
                            + pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        }

        Path writeKey(Path file) throws Exception {
            return Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        }
    }

    private Pki(X500Name name, Identity authority) {
        this.name = name;
        this.authority = authority;
    }

    static Pki create() throws Exception {
        X500Name name = new X500Name("CN=authority " + SERIAL.incrementAndGet());
        KeyPair keys = keys("EC");
        return new Pki(
                name, new Identity(sign(name, keys, name, keys, Instant.now().plus(DAY), true), keys));
    }

    static KeyPair keys(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    /** For hosts by name, or by address. */
    Identity issue(String... hosts) throws Exception {
        return issue(keys("EC"), Instant.now().plus(DAY), hosts);
    }

    Identity expired(String... hosts) throws Exception {
        return issue(keys("EC"), Instant.now().minus(DAY), hosts);
    }

    Identity issue(KeyPair keys, Instant end, String... hosts) throws Exception {
        return new Identity(sign(name, authority.keys, new X500Name("CN=" + hosts[0]), keys, end, false, hosts), keys);
    }

    private static X509Certificate sign(
            X500Name issuer, KeyPair by, X500Name subject, KeyPair keys, Instant end, boolean ca, String... hosts)
            throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(end.minus(DAY.multipliedBy(2))),
                Date.from(end),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        if (hosts.length > 0) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(Arrays.stream(hosts).map(Pki::generalName).toArray(GeneralName[]::new)));
        }
        byte[] encoded = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static GeneralName generalName(String host) {
        return new GeneralName(Authority.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    Identity authority() {
        return authority;
    }

    /** Trusts this authority only, and shows nothing. */
    SSLContext trusting() throws Exception {
        return context(null);
    }

    /** Trusts this authority only, and shows a certificate. */
    SSLContext context(Identity own) throws Exception {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("authority", authority.certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore store = empty();
        if (own != null) {
            store.setKeyEntry("own", own.keys.getPrivate(), new char[0], new X509Certificate[] {own.certificate});
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }
}
