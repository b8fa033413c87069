package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of the tests' own (RFC 5280): quicker than a program for each certificate. */
final class Authority {

    /** A certificate and its key. */
    record Credentials(X509Certificate certificate, PrivateKey key) {

        /** The certificate and then the key, in PEM. */
        Path write(Path file) throws IOException, GeneralSecurityException {
            return Files.writeString(
                    file, pem("CERTIFICATE", certificate.getEncoded()) + pem("PRIVATE KEY", key.getEncoded()));
        }
    }

    private static final byte[] ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
    private static final byte[] ALTERNATIVE_NAMES = oid(0x55, 0x1d, 0x11);
    private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
    private static final byte[] TRUE = tlv(0x01, new byte[] {-1});
    private static final char[] NO_PASSWORD = new char[0];

    private final String name;
    private final KeyPair keys = newKeys();
    private final AtomicInteger serial = new AtomicInteger(1);
    private final X509Certificate certificate;

    Authority(String name) throws GeneralSecurityException {
        this.name = name;
        byte[] mayIssue = sequence(BASIC_CONSTRAINTS, TRUE, tlv(0x04, sequence(TRUE)));
        Instant now = Instant.now();
        this.certificate = sign(name, keys, now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(1)), mayIssue);
    }

    /** For names and addresses, from yesterday to tomorrow. */
    Credentials issue(String... hosts) throws GeneralSecurityException, IOException {
        return issue(Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(1)), hosts);
    }

    /** One that was good for a day, long ago. */
    Credentials issueExpired(String... hosts) throws GeneralSecurityException, IOException {
        return issue(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2020-01-02T00:00:00Z"), hosts);
    }

    private Credentials issue(Instant from, Instant to, String... hosts) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String host : hosts) {
            boolean address = Character.isDigit(host.charAt(0));
            names.write(
                    address ? tlv(0x87, InetAddress.getByName(host).getAddress()) : tlv(0x82, host.getBytes(UTF_8)));
        }
        KeyPair own = newKeys();
        byte[] extension = sequence(ALTERNATIVE_NAMES, tlv(0x04, sequence(names.toByteArray())));
        return new Credentials(sign(hosts[0], own, from, to, extension), own.getPrivate());
    }

    Path write(Path file) throws IOException, GeneralSecurityException {
        return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    /** Trusts this authority alone, and shows nothing. */
    SSLContext trusting() throws GeneralSecurityException, IOException {
        return trusting(null);
    }

    /** Trusts this authority alone, and shows credentials if there are any. */
    SSLContext trusting(Credentials own) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setCertificateEntry("authority", certificate);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (own != null) {
            store.setKeyEntry("own", own.key, NO_PASSWORD, new X509Certificate[] {own.certificate});
        }
        shown.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private X509Certificate sign(String subject, KeyPair of, Instant from, Instant to, byte[] extension)
            throws GeneralSecurityException {
        byte[] content = sequence(
                tlv(0xa0, integer(2)), // version 3
                integer(serial.getAndIncrement()),
                ECDSA_WITH_SHA256,
                distinguished(name),
                sequence(time(from), time(to)),
                distinguished(subject),
                of.getPublic().getEncoded(),
                tlv(0xa3, sequence(extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] bits = tlv(0x03, new byte[1], signature.sign());
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(sequence(content, ECDSA_WITH_SHA256, bits)));
    }

    // ASN.1 in DER

    private static byte[] distinguished(String name) {
        return sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, name.getBytes(UTF_8)))));
    }

    private static byte[] time(Instant when) {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
        return tlv(0x17, format.format(when).getBytes(UTF_8));
    }

    private static byte[] integer(long value) {
        return tlv(0x02, BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] oid(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return tlv(0x06, content);
    }

    private static byte[] sequence(byte[]... parts) {
        return tlv(0x30, parts);
    }

    private static byte[] tlv(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length > 127) {
            byte[] bytes = BigInteger.valueOf(length).toByteArray();
            int skip = bytes[0] == 0 ? 1 : 0;
            all.write(0x80 | (bytes.length - skip));
            all.write(bytes, skip, bytes.length - skip);
        } else {
            all.write(length);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    private static String pem(String what, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
