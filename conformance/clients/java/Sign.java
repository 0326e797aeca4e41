// Signs with the card by javax.smartcardio, without any driver for the card: VERIFY, MANAGE SECURITY
// ENVIRONMENT and PSO, as APDUs. Checks the signature with the certificate.
//
//     java -Dsun.security.smartcardio.library=LIBPCSCLITE Sign.java PIN CERTIFICATE.der

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.HexFormat;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.TerminalFactory;

public final class Sign {
    private static final byte[] MESSAGE =
            "Documento di collaudo, senza valore.\n".getBytes(StandardCharsets.US_ASCII);

    // DigestInfo of SHA-256 up to the digest (RFC 8017, section 9.2, note 1).
    private static final String SHA256 = "3031300d060960864801650304020105000420";

    public static void main(String[] arguments) throws Exception {
        var pin = arguments[0].getBytes(StandardCharsets.US_ASCII);
        var terminals = TerminalFactory.getDefault().terminals().list(CardTerminals.State.CARD_PRESENT);
        if (terminals.isEmpty()) {
            System.out.println("no card in any reader");
            System.exit(2);
        }
        var card = terminals.get(0).connect("*");
        var channel = card.getBasicChannel();
        send(channel, "SELECT", new CommandAPDU(0x00, 0xA4, 0x00, 0x0C, bytes("3f00")));
        var padded = new byte[8];
        Arrays.fill(padded, (byte) 0xFF);
        System.arraycopy(pin, 0, padded, 0, pin.length);
        send(channel, "VERIFY", new CommandAPDU(0x00, 0x20, 0x00, 0x10, padded));
        send(channel, "MSE RESTORE", new CommandAPDU(0x00, 0x22, 0xF3, 0x03));
        send(channel, "MSE SET", new CommandAPDU(0x00, 0x22, 0xF1, 0xB6, bytes("830101")));
        // 256 bytes in one command: it is extended.
        var signature = send(channel, "PSO CDS",
                new CommandAPDU(0x00, 0x2A, 0x9E, 0x9A, paddedDigest(256), 256));
        card.disconnect(true);

        var judge = Signature.getInstance("SHA256withRSA");
        try (var file = new FileInputStream(arguments[1])) {
            judge.initVerify(CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        judge.update(MESSAGE);
        var holds = judge.verify(signature);
        System.out.println(holds ? "the signature is right" : "the signature is wrong");
        System.exit(holds ? 0 : 3);
    }

    private static byte[] send(CardChannel channel, String name, CommandAPDU command)
            throws Exception {
        var answer = channel.transmit(command);
        System.out.printf("%s: %04X%n", name, answer.getSW());
        if (answer.getSW() != 0x9000) {
            System.exit(1);
        }
        return answer.getData();
    }

    /** EMSA-PKCS1-v1_5 (RFC 8017, section 9.2). */
    private static byte[] paddedDigest(int length) throws Exception {
        var digest = new ByteArrayOutputStream();
        digest.write(bytes(SHA256));
        digest.write(MessageDigest.getInstance("SHA-256").digest(MESSAGE));
        var block = new byte[length];
        Arrays.fill(block, (byte) 0xFF);
        block[0] = 0x00;
        block[1] = 0x01;
        block[length - digest.size() - 1] = 0x00;
        System.arraycopy(digest.toByteArray(), 0, block, length - digest.size(), digest.size());
        return block;
    }

    private static byte[] bytes(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal);
    }
}
