package io.emberwatch.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "silence",
        description = "Adds, lists and expires silences of an Alertmanager.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch silence add --for 2h --comment 'disk swap' cluster=prod alertname=~'Etcd.*'",
            "  emberwatch silence add --dry-run --comment test cluster=prod",
            "  emberwatch silence list",
            "  emberwatch silence expire 3f0c…",
        })
final class SilenceCommand implements Runnable {
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)(.*)", Pattern.DOTALL);
    private static final MediaType JSON_TYPE = MediaType.get("application/json");

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(
            names = "--alertmanager",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "default http://127.0.0.1:9093")
    private URI alertmanager = URI.create("http://127.0.0.1:9093");

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "add, list or expire?");
    }

    @Command(
            name = "add",
            description = {
                "Adds a silence and prints its id. What it would match now is counted first:",
                "one that matches more than --max-matched alerts is refused."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch silence add --for 2h --comment 'disk swap' cluster=prod",
                "  emberwatch silence add --dry-run --comment 'disk swap' cluster=prod alertname=~'Etcd.*'",
            },
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "MATCHER", arity = "1..*", description = "name=value, also !=, =~ and !~")
                    List<String> matchers,
            @Option(names = "--for", paramLabel = "D", defaultValue = "1h", description = "how long; default 1h")
                    Duration duration,
            @Option(names = "--comment", required = true, description = "why") String comment,
            @Option(names = "--author", description = "who; default the system's user") String author,
            @Option(
                            names = "--max-matched",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "how many alerts it may match; default 100")
                    int maxMatched,
            @Option(names = "--dry-run", description = "lists the alerts that it would match and adds nothing")
                    boolean dryRun)
            throws IOException {
        Instant now = InstantSource.system().instant();
        HttpUrl.Builder alerts = api("alerts").newBuilder();
        ObjectNode silence = Json.MAPPER.createObjectNode();
        ArrayNode list = silence.putArray("matchers");
        for (String text : matchers) {
            Matcher matcher = MATCHER.matcher(text);
            if (!matcher.matches()) {
                throw new ParameterException(
                        spec.commandLine(), text + ": expected name=value, name!=value, name=~regex or name!~regex");
            }
            String operator = matcher.group(2);
            alerts.addQueryParameter("filter", matcher.group(1) + operator + quoted(matcher.group(3)));
            list.addObject()
                    .put("name", matcher.group(1))
                    .put("value", matcher.group(3))
                    .put("isRegex", operator.endsWith("~"))
                    .put("isEqual", operator.startsWith("="));
        }
        JsonNode matched = call(new Request.Builder().url(alerts.build()));
        PrintWriter out = spec.commandLine().getOut();
        if (dryRun) {
            matched.forEach(alert -> out.println(alert.path("labels")));
        }
        spec.commandLine().getErr().println("matches " + matched.size() + " alerts now");
        if (dryRun) {
            return Emberwatch.OK;
        }
        if (matched.size() > maxMatched) {
            spec.commandLine()
                    .getErr()
                    .println("refused: more than --max-matched " + maxMatched + "; say more matchers, or allow more");
            return Emberwatch.FAILED;
        }
        silence.put("startsAt", now.toString());
        silence.put("endsAt", now.plus(duration).toString());
        silence.put("createdBy", author == null ? System.getProperty("user.name") : author);
        silence.put("comment", comment);
        JsonNode answer = call(new Request.Builder()
                .url(api("silences"))
                .post(RequestBody.create(Json.MAPPER.writeValueAsBytes(silence), JSON_TYPE)));
        spec.commandLine().getOut().println(answer.path("silenceID").asText());
        return Emberwatch.OK;
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    @Command(
            name = "list",
            description = "Lists active and pending silences.",
            footer = {"", "Examples:", "  emberwatch silence list --alertmanager http://alertmanager:9093"},
            mixinStandardHelpOptions = true)
    int list() throws IOException {
        int shown = 0;
        for (JsonNode silence : call(new Request.Builder().url(api("silences")))) {
            String state = silence.path("status").path("state").asText();
            if (!state.equals("expired")) {
                StringBuilder matchers = new StringBuilder();
                for (JsonNode matcher : silence.path("matchers")) {
                    matchers.append(matchers.length() == 0 ? "" : " ")
                            .append(matcher.path("name").asText())
                            .append(matcher.path("isEqual").asBoolean(true) ? "=" : "!")
                            .append(
                                    matcher.path("isRegex").asBoolean()
                                            ? "~"
                                            : matcher.path("isEqual").asBoolean(true) ? "" : "=")
                            .append(matcher.path("value").asText());
                }
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%s  %s  until %s  %s  %s: %s%n",
                                silence.path("id").asText(),
                                state,
                                silence.path("endsAt").asText(),
                                matchers,
                                silence.path("createdBy").asText(),
                                silence.path("comment").asText());
                shown++;
            }
        }
        if (shown == 0) {
            spec.commandLine().getOut().println("no silences");
        }
        return Emberwatch.OK;
    }

    @Command(
            name = "expire",
            description = "Ends silences.",
            footer = {"", "Examples:", "  emberwatch silence expire 3f0c…"},
            mixinStandardHelpOptions = true)
    int expire(
            @Parameters(paramLabel = "ID", arity = "1..*", description = "what `silence list` calls them")
                    List<String> ids)
            throws IOException {
        for (String id : ids) {
            call(new Request.Builder().url(api("silence/" + id)).delete());
        }
        return Emberwatch.OK;
    }

    private HttpUrl api(String path) {
        HttpUrl base = HttpUrl.get(alertmanager);
        if (base == null) {
            throw new ParameterException(spec.commandLine(), "--alertmanager: not an address: " + alertmanager);
        }
        return base.newBuilder().addPathSegments("api/v2/" + path).build();
    }

    private JsonNode call(Request.Builder request) throws IOException {
        try (Response response = HttpClients.withTimeout(Duration.ofSeconds(10))
                .newCall(request.build())
                .execute()) {
            String body = response.body().string();
            if (!response.isSuccessful()) {
                throw new IOException(alertmanager + " answered " + response.code() + ": " + body.trim());
            }
            return body.isEmpty() ? Json.MAPPER.nullNode() : Json.MAPPER.readTree(body);
        }
    }

    /** Made when it is first used: every command's class is loaded with every command. */
    private static final class Json {
        private static final ObjectMapper MAPPER = new ObjectMapper();
    }
}
