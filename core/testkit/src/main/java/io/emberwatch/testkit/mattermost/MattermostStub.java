package io.emberwatch.testkit.mattermost;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stub, not a Mattermost: it answers {@code POST /hooks/{id}} as server 10 does (checks, error identifiers, body limit,
 * rate limit by GCRA) and keeps what was posted. Faults can be scripted request by request.
 *
 * @see <a href="https://developers.mattermost.com/integrate/webhooks/incoming/">Incoming webhooks</a>
 */
public final class MattermostStub implements AutoCloseable {
    /** {@code ServiceSettings.MaximumPayloadSizeBytes} as a server has it by default. */
    public static final int BODY_LIMIT = 300_000;

    /** The runes of one post; longer texts are cut into several posts without regard to words. */
    public static final int POST_RUNES = 16_383;

    static {
        // Read once when the JDK's server class loads. Without it every answer on a kept connection waits 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool(MattermostStub::daemon);
    private final Map<String, String> hooks = new ConcurrentHashMap<>();
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Fault> script = new ConcurrentLinkedQueue<>();
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger departed = new AtomicInteger();
    private final BotApi bot = new BotApi();
    private volatile Function<String, Fault> otherwise = request -> Fault.NONE;
    private volatile boolean enabled = true;
    private volatile @Nullable RateLimit limit;

    private MattermostStub(HttpServer server) {
        this.server = server;
    }

    /** Starts on a free loopback port with one hook, {@code alerts}, into the channel {@code town-square}. */
    public static MattermostStub start() throws IOException {
        return start(0);
    }

    /** Starts on the given loopback port, 0 for a free one. */
    public static MattermostStub start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        MattermostStub stub = new MattermostStub(server);
        server.setExecutor(stub.workers);
        server.createContext("/", stub::serve);
        server.start();
        return stub.hook("alerts", "town-square");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "mattermost-stub");
        thread.setDaemon(true);
        return thread;
    }

    /** Adds an incoming webhook; identifiers are letters and digits. */
    public MattermostStub hook(String id, String channel) {
        hooks.put(id, channel);
        return this;
    }

    /** Removes a hook: requests to it answer 400 from then on, as they do while the real server's database is away. */
    public void removeHook(String id) {
        hooks.remove(id);
    }

    /** Where to post for a hook. */
    public String url(String hook) {
        return "http://127.0.0.1:" + port() + "/hooks/" + hook;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Turns incoming webhooks on or off; off answers 501. */
    public void enable(boolean on) {
        enabled = on;
    }

    /** Limits all clients together, as {@code RateLimitSettings} with these values does. */
    public void limitRate(int perSecond, int burst) {
        limitRate(perSecond, burst, System::nanoTime);
    }

    /** The same by a clock of one's own, in nanoseconds. */
    public void limitRate(int perSecond, int burst, LongSupplier nanoTime) {
        limit = new RateLimit(perSecond, burst, nanoTime);
    }

    /** The server's address, for a bot. */
    public String server() {
        return "http://127.0.0.1:" + port();
    }

    /** The access token of the one bot; null for no bot. */
    public MattermostStub bot(@Nullable String token) {
        bot.token(token);
        return this;
    }

    /** The identifier of a channel that the bot may post to, made when it is not there. */
    public String channel(String name) {
        return bot.channel(name);
    }

    /** Whether posts may be changed, as {@code PostEditTimeLimit} says. */
    public void editable(boolean on) {
        bot.editable(on);
    }

    /** Every post of bots, those that were deleted too, in order of creation. */
    public List<BotPost> botPosts() {
        return bot.posts();
    }

    /** The posts of bots that are no replies and were not deleted. */
    public List<BotPost> roots() {
        return bot.posts().stream()
                .filter(post -> post.root().isEmpty() && !post.deleted())
                .toList();
    }

    /** The replies to a post that were not deleted. */
    public List<BotPost> replies(String root) {
        return bot.posts().stream()
                .filter(post -> post.root().equals(root) && !post.deleted())
                .toList();
    }

    /** Deletes a bot's post as a person would. */
    public void deletePost(String id) {
        bot.delete(id);
    }

    /** So many posts of somebody else. */
    public void chatter(String channel, int count) {
        bot.chatter(channel, count);
    }

    /** Forgets every {@code pending_post_id}, as the server does after 30 s. */
    public void forgetPending() {
        bot.forgetPending();
    }

    /**
     * Presses a button.
     *
     * @param user 26 letters and digits
     * @return status and body of the server's answer
     */
    public String press(String post, String button, String user) throws IOException {
        Answer answer = bot.press(post, button, user);
        return answer.status() + " " + answer.body();
    }

    /** How many dialogs were opened. */
    public int dialogs() {
        return bot.dialogs().size();
    }

    /** Submits the dialog that was opened last; the answer is the integration's status and body. */
    public String submitDialog(String user, String channel, Map<String, String> values) throws IOException {
        return bot.submit(user, channel, values);
    }

    /** What happens to the next requests, one fault each. */
    public void script(Fault... faults) {
        script.addAll(List.of(faults));
    }

    /** What happens to every request that the script does not speak of. */
    public void otherwise(Supplier<Fault> faults) {
        otherwise = request -> faults.get();
    }

    /** The same by request, which is given as {@code POST /api/v4/posts}. */
    public void otherwiseBy(Function<String, Fault> faults) {
        otherwise = faults;
    }

    /** What was posted so far, in order of arrival. */
    public List<Post> posts() {
        return List.copyOf(posts);
    }

    /** How many requests came, refused ones included. */
    public int requests() {
        return requests.get();
    }

    /** How many clients went away before they had their answer. */
    public int departed() {
        return departed.get();
    }

    /** How often each status was answered. */
    public Map<Integer, Integer> answers() {
        Map<Integer, Integer> counts = new TreeMap<>();
        answers.forEach((status, count) -> counts.put(status, count.get()));
        return counts;
    }

    /** Waits until there are at least {@code count} posts, or the time is over. */
    public List<Post> awaitPosts(int count, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (posts) {
            while (posts.size() < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                posts.wait(left);
            }
        }
        return posts();
    }

    private void serve(HttpExchange http) {
        requests.incrementAndGet();
        Fault next = script.poll();
        Fault fault = next == null
                ? otherwise.apply(
                        http.getRequestMethod() + " " + http.getRequestURI().getPath())
                : next;
        try {
            if (fault.kind() == Fault.Kind.NONE) {
                answer(http, handle(http));
                return;
            }
            if (fault.posted()) {
                handle(http);
            }
            boolean interrupted = closed.await(fault.delay().toMillis(), TimeUnit.MILLISECONDS);
            if (fault.kind() == Fault.Kind.ANSWER && !interrupted) {
                answer(http, Answer.error(fault.status(), "scripted.app_error", "scripted fault"));
            }
        } catch (IOException e) {
            departed.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            http.close();
        }
    }

    private Answer handle(HttpExchange http) throws IOException {
        RateLimit rate = limit;
        if (rate != null && !rate.admit(http)) {
            return new Answer(429, "text/plain; charset=utf-8", "limit exceeded\n");
        }
        String path = http.getRequestURI().getPath();
        if (path.startsWith("/api/v4/")) {
            byte[] request = http.getRequestBody().readNBytes(BODY_LIMIT + 1);
            return request.length > BODY_LIMIT
                    ? Answer.error(
                            413, "api.context.request_body_too_large.app_error", "The request body is too large.")
                    : bot.handle(http, request);
        }
        if (!http.getRequestMethod().equals("POST") || !path.matches("/hooks/[A-Za-z0-9]+")) {
            return Answer.error(404, "api.context.404.app_error", "Sorry, we could not find the page.");
        }
        byte[] body = http.getRequestBody().readNBytes(BODY_LIMIT + 1);
        if (body.length > BODY_LIMIT) {
            return Answer.error(413, "api.context.request_body_too_large.app_error", "The request body is too large.");
        }
        String type = http.getRequestHeaders().getFirst("Content-Type");
        if (type != null && !type.startsWith("application/json")) {
            return Answer.error(400, "api.webhook.incoming.error", "The stub reads JSON alone, not " + type);
        }
        if (!enabled) {
            return Answer.error(501, "web.incoming_webhook.disabled.app_error", "Incoming webhooks are disabled.");
        }
        return take(path.substring("/hooks/".length()), new String(body, StandardCharsets.UTF_8));
    }

    private Answer take(String hook, String body) {
        HookRequest request;
        try {
            request = HookRequest.parse(body);
        } catch (IllegalArgumentException e) {
            return Answer.error(400, "model.utils.decode_json.app_error", "could not decode: " + e.getMessage());
        }
        if (request.isEmpty()) {
            return Answer.error(400, "web.incoming_webhook.text.app_error", "No text specified.");
        }
        String own = hooks.get(hook);
        if (own == null) {
            return Answer.error(400, "web.incoming_webhook.invalid.app_error", "Invalid webhook.");
        }
        if (request.channel().startsWith("missing")) {
            return Answer.error(404, "web.incoming_webhook.channel.app_error", "Couldn't find the channel.");
        }
        List<Post> taken = request.posts(hook, request.channel().isEmpty() ? own : request.channel());
        synchronized (posts) {
            posts.addAll(taken);
            posts.notifyAll();
        }
        return new Answer(200, "text/plain", "ok");
    }

    private void answer(HttpExchange http, Answer answer) throws IOException {
        answers.computeIfAbsent(answer.status(), status -> new AtomicInteger()).incrementAndGet();
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", answer.type());
        http.getResponseHeaders().set("X-Request-Id", "stub");
        http.sendResponseHeaders(answer.status(), body.length);
        http.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        workers.shutdownNow();
    }
}
