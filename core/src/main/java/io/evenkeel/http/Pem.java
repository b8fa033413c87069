package io.evenkeel.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in files as of RFC 7468. Messages name the file, and never what is in it. */
final class Pem {

    /** Far more than a chain or a bundle of authorities takes. */
    private static final long LONGEST = 16 * 1024 * 1024;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    /** Version 0 and the algorithm rsaEncryption, of PKCS #8 (RFC 5208, section 5). */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final byte[] VERSION = {2, 1, 0};
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

    private record Block(String label, String base64) {

        byte[] content(Path file) throws IOException {
            try {
                return Base64.getMimeDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " holds a " + label + " that is no Base64");
            }
        }
    }

    private Pem() {}

    /** All certificates of a file, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> all = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals("CERTIFICATE")) {
                all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content(file))));
            }
        }
        if (all.isEmpty()) {
            throw new IOException(file + " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        return all;
    }

    /** The first private key of a file: of PKCS #8, or as OpenSSL wrote them before. */
    static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        for (Block block : blocks(file)) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return key(file, block.content(file));
                }
                case "RSA PRIVATE KEY" -> {
                    return key(file, sequence(RSA, tagged(4, block.content(file))));
                }
                case "EC PRIVATE KEY" -> {
                    byte[] algorithm = sequence(EC_PUBLIC_KEY, curve(file, block.content(file)));
                    return key(file, sequence(VERSION, algorithm, tagged(4, block.content(file))));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new IOException(file + " holds a key that is encrypted: openssl pkcs8 -in it -out another"
                            + " writes it in the clear");
                default -> {
                    // a certificate beside it, or parameters
                }
            }
        }
        throw new IOException(file + " holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey key(Path file, byte[] pkcs8) throws IOException, GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another kind
            }
        }
        throw new IOException(file + " holds no private key for RSA, EC or EdDSA that can be read");
    }

    private static List<Block> blocks(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IOException(file + " is longer than " + LONGEST + " bytes");
        }
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    /** The curve's object identifier, which is the content of [0] (RFC 5915, section 3). */
    private static byte[] curve(Path file, byte[] key) throws IOException {
        for (int i = 0; i + 3 < key.length; i++) {
            int length = key[i + 1];
            if ((key[i] & 0xff) == 0xa0
                    && length > 2
                    && key[i + 2] == 6
                    && key[i + 3] == length - 2
                    && i + 2 + length <= key.length) {
                return Arrays.copyOfRange(key, i + 2, i + 2 + length);
            }
        }
        throw new IOException(file + " holds a key that does not name its curve");
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return tagged(0x30, all.toByteArray());
    }

    /** By the rules of DER, for content below 64 KiB. */
    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length >= 256) {
            all.write(0x82);
            all.write(content.length >> 8);
        } else if (content.length >= 128) {
            all.write(0x81);
        }
        all.write(content.length);
        all.writeBytes(content);
        return all.toByteArray();
    }
}
