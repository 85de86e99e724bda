package io.emberwatch.exporter.status;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Asks a server over HTTP, for so long and so much and no more. */
public final class StatusHttp {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final OkHttpClient plain;
    private final @Nullable String authorization;
    private final int limit;
    private final @Nullable SecuredClient secured;

    /**
     * @param limit how large an answer may be, in bytes
     * @param tls for addresses that begin with {@code https}; the system's authorities without one
     */
    public StatusHttp(int limit, @Nullable TlsSettings tls, @Nullable String username, @Nullable Secret password) {
        this.limit = limit;
        plain = HttpClients.withTimeout(Duration.ofMinutes(1));
        secured = tls == null ? null : new SecuredClient(plain, tls);
        authorization =
                username == null ? null : Credentials.basic(username, password == null ? "" : password.reveal());
    }

    /** An answer that came whole and with status 200. */
    public static final class Answer {
        private final byte[] body;
        private final @Nullable String contentType;

        Answer(byte[] body, @Nullable String contentType) {
            this.body = body;
            this.contentType = contentType;
        }

        /** The body itself, not a copy. */
        public byte[] body() {
            return body;
        }

        public @Nullable String contentType() {
            return contentType;
        }
    }

    /**
     * Asks with GET.
     *
     * @param accept what is asked for, or null for anything
     */
    public Answer get(HttpUrl url, @Nullable String accept, Deadline deadline) throws IOException, TargetFault {
        Request.Builder request = new Request.Builder().url(url);
        if (accept != null) {
            request.header("Accept", accept);
        }
        return send(request, deadline);
    }

    /** Asks with POST. */
    public Answer post(HttpUrl url, byte[] json, Deadline deadline) throws IOException, TargetFault {
        return send(new Request.Builder().url(url).post(RequestBody.create(json, JSON)), deadline);
    }

    private Answer send(Request.Builder builder, Deadline deadline) throws IOException, TargetFault {
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        Request request = builder.build();
        Call call = client().newCall(request);
        call.timeout().timeout(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS);
        try (Response response = call.execute()) {
            int code = response.code();
            if (code == UNAUTHORIZED || code == FORBIDDEN) {
                throw new TargetFault(TargetFault.Reason.DENIED, request.url().redact() + " answered with " + code);
            } else if (code != 200) {
                throw new TargetFault(
                        TargetFault.Reason.HTTP_STATUS, request.url().redact() + " answered with status " + code);
            }
            byte[] body = response.body().byteStream().readNBytes(limit + 1);
            if (body.length > limit) {
                throw new TargetFault(
                        TargetFault.Reason.TOO_LARGE, request.url().redact() + " is larger than " + limit + " bytes");
            }
            return new Answer(body, response.header("Content-Type"));
        }
    }

    private OkHttpClient client() throws IOException {
        try {
            return secured == null ? plain : secured.current();
        } catch (IOException e) {
            throw new SSLException(e.getMessage(), e);
        }
    }
}
