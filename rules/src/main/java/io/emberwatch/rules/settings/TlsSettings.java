package io.emberwatch.rules.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a target's certificate is checked and how the scraper shows who it is; all in PEM.
 *
 * @param ca who signs the targets' certificates; the system's own when there is none
 * @param certificate the scraper's own chain
 * @param key its private key
 * @param insecure whether any certificate will do
 */
public record TlsSettings(
        @Nullable Credential ca,
        @Nullable Credential certificate,
        @Nullable Credential key,
        boolean insecure) {
    public static final TlsSettings NONE = new TlsSettings(null, null, null, false);

    private static final List<String> UNSUPPORTED = List.of("server_name", "min_version", "max_version");

    public static TlsSettings read(MappingReader owner, Path folder) {
        MappingReader reader = owner.mapping("tls_config");
        if (reader == null) {
            return NONE;
        }
        TlsSettings settings = new TlsSettings(
                Credential.read(reader, "ca", folder),
                Credential.read(reader, "cert", folder),
                Credential.read(reader, "key", folder),
                reader.flag("insecure_skip_verify", false));
        if ((settings.certificate() == null) != (settings.key() == null)) {
            reader.problem("a client certificate needs both cert and key");
        }
        reader.refuse(UNSUPPORTED);
        reader.finish();
        return settings;
    }

    /** The files that the settings name. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>(3);
        for (@Nullable Credential credential : new @Nullable Credential[] {ca, certificate, key}) {
            if (credential != null && credential.file() != null) {
                files.add(credential.file());
            }
        }
        return files;
    }
}
