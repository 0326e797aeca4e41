// Logs in to a portal with the card, as a Java application does: TLS client authentication by the
// provider SunPKCS11. Writes the portal's answer to standard output.
//
//     java LogIn.java MODULE PIN CERTIFIER.pem HOST PORT PATH

import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public final class LogIn {
    private static final int MILLISECONDS_MAX = 20_000;

    public static void main(String[] arguments) throws Exception {
        var module = arguments[0];
        var pin = arguments[1].toCharArray();
        var certifier = arguments[2];
        var host = arguments[3];
        var port = Integer.parseInt(arguments[4]);
        var path = arguments[5];

        // "--" says that the configuration itself follows, not the name of its file.
        Provider openSc = Security.getProvider("SunPKCS11")
                .configure("--name=OpenSC\nlibrary=" + module + "\n");
        Security.addProvider(openSc);
        var card = KeyStore.getInstance("PKCS11", openSc);
        card.load(null, pin);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(card, null);

        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (var file = new FileInputStream(certifier)) {
            trusted.setCertificateEntry("certifier",
                    CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);

        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        // The portal's name is in no name service.
        var connection = new Socket(InetAddress.getLoopbackAddress(), port);
        connection.setSoTimeout(MILLISECONDS_MAX);
        try (var socket = (SSLSocket) context.getSocketFactory()
                .createSocket(connection, host, port, true)) {
            var request = "GET " + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(System.out);
        }
        System.out.flush();
    }
}
