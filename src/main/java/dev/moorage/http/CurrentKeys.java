package dev.moorage.http;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Keys that may be replaced at any moment.
 *
 * <p>A handshake asks for an alias first, and then for what it stands for: each alias carries the number of its keys, so that
 * no handshake gets the key of one certificate and the chain of another.
 */
final class CurrentKeys extends X509ExtendedKeyManager {

    private final AtomicReference<Generation> now = new AtomicReference<>();

    private record Generation(long number, X509ExtendedKeyManager keys, Generation before) {

        /** Those that an alias was given of: these or the ones before, older handshakes have long ended. */
        Generation of(long wanted) {
            return wanted == number || before == null ? this : before;
        }
    }

    /** Takes these from now on. */
    void use(X509ExtendedKeyManager keys) {
        now.updateAndGet(last -> last == null
                ? new Generation(0, keys, null)
                : new Generation(last.number + 1, keys, new Generation(last.number, last.keys, null)));
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Generation current = now.get();
        return named(current, current.keys.chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        Generation current = now.get();
        return named(current, current.keys.chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return generation(alias).keys.getCertificateChain(bare(alias));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return generation(alias).keys.getPrivateKey(bare(alias));
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }

    private static String named(Generation current, String alias) {
        return alias == null ? null : current.number + " " + alias;
    }

    private Generation generation(String alias) {
        return now.get().of(Long.parseLong(alias.substring(0, alias.indexOf(' '))));
    }

    private static String bare(String alias) {
        return alias.substring(alias.indexOf(' ') + 1);
    }
}
