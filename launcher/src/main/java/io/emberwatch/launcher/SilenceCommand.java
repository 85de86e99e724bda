package io.emberwatch.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
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
            description = "Adds a silence and prints its id.",
            footer = {"", "Examples:", "  emberwatch silence add --for 2h --comment 'disk swap' cluster=prod"},
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "MATCHER", arity = "1..*", description = "name=value, also !=, =~ and !~")
                    List<String> matchers,
            @Option(names = "--for", paramLabel = "D", defaultValue = "1h", description = "how long; default 1h")
                    Duration duration,
            @Option(names = "--comment", required = true, description = "why") String comment,
            @Option(names = "--author", description = "who; default the system's user") String author)
            throws IOException {
        Instant now = InstantSource.system().instant();
        ObjectNode silence = Json.MAPPER.createObjectNode();
        ArrayNode list = silence.putArray("matchers");
        for (String text : matchers) {
            Matcher matcher = MATCHER.matcher(text);
            if (!matcher.matches()) {
                throw new ParameterException(
                        spec.commandLine(), text + ": expected name=value, name!=value, name=~regex or name!~regex");
            }
            String operator = matcher.group(2);
            list.addObject()
                    .put("name", matcher.group(1))
                    .put("value", matcher.group(3))
                    .put("isRegex", operator.endsWith("~"))
                    .put("isEqual", operator.startsWith("="));
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
