package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Posts through an incoming webhook. The webhook answers no more than {@code ok}: a post cannot be changed later, and a
 * request that was cut off may have posted.
 *
 * <p>A message of several posts is delivered one post a call.
 *
 * @see <a href="https://developers.mattermost.com/integrate/webhooks/incoming/">Incoming webhooks</a>
 */
public final class MattermostChannel implements Channel {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final MattermostConfig config;
    private final String url;
    private final PostWriter posts;
    private final OkHttpClient client;

    /** @param templateFault is called whenever a template fails */
    public MattermostChannel(MattermostConfig config, Style style, Runnable templateFault) {
        if (config.url() == null) {
            throw new IllegalArgumentException(config.name() + ": there is no webhook");
        }
        this.config = config;
        this.url = config.url().reveal();
        this.posts = new PostWriter(config, style, templateFault);
        this.client = HttpClients.withTimeout(config.timeout());
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String preview(Message message) {
        StringBuilder all = new StringBuilder();
        PostWriter.Post post = posts.write(message, 0, config.maxBody().bytes());
        all.append(post.body().text(Integer.MAX_VALUE)).append('\n');
        while (!post.isLast()) {
            post = posts.write(message, post.next(), config.maxBody().bytes());
            all.append(post.body().text(Integer.MAX_VALUE)).append('\n');
        }
        return all.toString();
    }

    /**
     * What was done of a message.
     *
     * @param alerts how many alerts were posted
     * @param bytes the largest request that the server takes
     */
    record Progress(int alerts, long bytes) {
        static @Nullable Progress parse(@Nullable String text) {
            if (text == null || !text.matches("[0-9]{1,9}/[0-9]{1,12}")) {
                return null;
            }
            int slash = text.indexOf('/');
            return new Progress(Integer.parseInt(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
        }

        @Override
        public String toString() {
            return alerts + "/" + bytes;
        }
    }

    @Override
    public Outcome deliver(Message message) {
        Progress known = Progress.parse(message.attempt().progress());
        Progress done = known == null ? new Progress(0, config.maxBody().bytes()) : known;
        PostWriter.Post post = posts.write(message, done.alerts(), done.bytes());
        Request request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(post.body().bytes(), JSON))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (response.code() == 200) {
                return post.isLast()
                        ? Outcome.Delivered.of("200")
                        : new Outcome.Progressed("200", new Progress(post.next(), done.bytes()).toString());
            }
            return refused(response, done, known);
        } catch (IOException e) {
            Outcome.Retry retry =
                    Outcome.Retry.channel(Answers.code(e), reason(e)).withProgress(text(known));
            return Answers.isBeforeSending(e) ? retry : retry.maybeArrived();
        }
    }

    private static @Nullable String text(@Nullable Progress progress) {
        return progress == null ? null : progress.toString();
    }

    // The address is a secret: host and port may be told, the path not.
    private String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.replace(url, "<secret>");
    }

    private Outcome refused(Response response, Progress done, @Nullable Progress known) throws IOException {
        int status = response.code();
        String code = Integer.toString(status);
        String reason = Answers.error(response);
        String progress = text(known);
        if (status == 413) {
            long smaller = done.bytes() / 2;
            return smaller < MattermostConfig.MIN_BODY
                    ? new Outcome.Rejected(code, reason)
                    : Outcome.Retry.message(code, reason + "; the server takes less than max_body")
                            .after(Duration.ZERO)
                            .withProgress(new Progress(done.alerts(), smaller).toString());
        } else if (status == 429) {
            return Outcome.Retry.channel(code, reason)
                    .after(Answers.wait(response))
                    .withProgress(progress);
        } else if (status == 400) {
            // The server says this of an unknown webhook, and of any webhook while its database is away.
            return reason.contains("web.incoming_webhook.invalid")
                    ? Outcome.Retry.channel(code, reason).withProgress(progress)
                    : new Outcome.Rejected(code, reason);
        } else if (status == 500) {
            return Outcome.Retry.message(code, reason).withProgress(progress);
        }
        // Gone, forbidden, moved, switched off, overloaded: true of every message until somebody changes something.
        return Outcome.Retry.channel(code, reason)
                .after(status == 503 ? Answers.wait(response) : null)
                .withProgress(progress);
    }
}
