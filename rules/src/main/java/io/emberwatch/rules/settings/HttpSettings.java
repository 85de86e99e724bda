package io.emberwatch.rules.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Credentials;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * How to speak to a target or a discovery endpoint.
 *
 * @param user of HTTP basic authentication
 * @param password of that user
 * @param authorizationType the scheme of the Authorization header, such as Bearer
 * @param credentials what follows it
 * @param headers further headers, names to values
 */
public record HttpSettings(
        @Nullable Credential user,
        @Nullable Credential password,
        String authorizationType,
        @Nullable Credential credentials,
        Map<String, String> headers,
        TlsSettings tls,
        boolean followRedirects,
        boolean http2) {
    private static final List<String> UNSUPPORTED = List.of(
            "oauth2",
            "proxy_url",
            "no_proxy",
            "proxy_from_environment",
            "proxy_connect_header",
            "sigv4",
            "azuread",
            "google_iam");

    public HttpSettings {
        headers = Map.copyOf(headers);
    }

    public static HttpSettings read(MappingReader reader, Path folder) {
        Credential user = null;
        Credential password = null;
        MappingReader basic = reader.mapping("basic_auth");
        if (basic != null) {
            user = Credential.read(basic, "username", folder);
            password = Credential.read(basic, "password", folder);
            basic.finish();
        }
        String type = "Bearer";
        Credential credentials = Credential.read(reader, "bearer_token", folder);
        MappingReader authorization = reader.mapping("authorization");
        if (authorization != null) {
            type = authorization.text("type", "Bearer").strip();
            if (type.equalsIgnoreCase("basic")) {
                authorization.problem(
                        "type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
            }
            if (credentials != null) {
                authorization.problem("authorization and bearer_token must not be given together");
            }
            credentials = Credential.read(authorization, "credentials", folder);
            authorization.finish();
        }
        if (user != null && credentials != null) {
            reader.problem("at most one of basic_auth, authorization and bearer_token must be configured");
        }
        reader.refuse(UNSUPPORTED);
        return new HttpSettings(
                user,
                password,
                type,
                credentials,
                headers(reader),
                TlsSettings.read(reader, folder),
                reader.flag("follow_redirects", true),
                reader.flag("enable_http2", true));
    }

    /** These settings with further headers. */
    public HttpSettings withHeaders(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new HttpSettings(user, password, authorizationType, credentials, all, tls, followRedirects, http2);
    }

    /** Adds who is asking; secrets in files are read now. */
    public Request.Builder authorize(Request.Builder request) throws IOException {
        headers.forEach(request::header);
        if (user != null) {
            request.header("Authorization", Credentials.basic(user.reveal(), reveal(password), StandardCharsets.UTF_8));
        } else if (credentials != null) {
            request.header("Authorization", authorizationType + " " + credentials.reveal());
        }
        return request;
    }

    private static String reveal(@Nullable Credential credential) throws IOException {
        return credential == null ? "" : credential.reveal();
    }

    private static Map<String, String> headers(MappingReader owner) {
        MappingReader reader = owner.mapping("http_headers");
        if (reader == null) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : reader.keys()) {
            MappingReader header = reader.mapping(name);
            if (header != null) {
                headers.put(name, String.join(", ", header.texts("values")));
                header.refuse(List.of("secrets", "files"));
                header.finish();
            }
        }
        return headers;
    }
}
