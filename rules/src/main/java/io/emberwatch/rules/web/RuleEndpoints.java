package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.rules.engine.ActiveAlert;
import io.emberwatch.rules.engine.GroupStatus;
import io.emberwatch.rules.engine.Rule;
import io.emberwatch.rules.engine.RuleEvaluation;
import io.emberwatch.rules.engine.RuleStatus;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** {@code rules} and {@code alerts}. */
final class RuleEndpoints {
    private final Supplier<List<GroupStatus>> groups;

    RuleEndpoints(Supplier<List<GroupStatus>> groups) {
        this.groups = groups;
    }

    List<Route> routes(String base) {
        return List.of(ApiEndpoint.get(base + "rules", this::rules), ApiEndpoint.get(base + "alerts", this::alerts));
    }

    private ApiAnswer alerts(ApiParameters parameters) {
        List<ActiveAlert> alerts = new ArrayList<>();
        groups.get().forEach(group -> group.rules().forEach(rule -> alerts.addAll(rule.alerts())));
        return ApiAnswer.of(json -> {
            json.writeStartObject();
            alerts(json, alerts);
            json.writeEndObject();
        });
    }

    private static void alerts(JsonGenerator json, List<ActiveAlert> alerts) throws IOException {
        json.writeArrayFieldStart("alerts");
        for (ActiveAlert alert : alerts) {
            json.writeStartObject();
            json.writeFieldName("labels");
            ApiJson.labels(json, alert.labels());
            json.writeFieldName("annotations");
            ApiJson.labels(json, alert.annotations());
            json.writeStringField("state", alert.state().text());
            json.writeStringField("activeAt", ApiJson.time(alert.activeAt()));
            if (alert.keepFiringSince() != null) {
                json.writeStringField("keepFiringSince", ApiJson.time(alert.keepFiringSince()));
            }
            json.writeStringField("value", FloatText.formatE(alert.value()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Which rules are asked for. */
    private record Filter(
            boolean alerting,
            boolean recording,
            List<String> names,
            List<String> groups,
            List<String> files,
            List<List<Matcher>> matchers) {
        static Filter of(ApiParameters parameters) throws ApiError {
            String type = parameters.text("type");
            if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
                throw ApiError.badParameter("type", "not supported value \"" + type + "\"");
            }
            return new Filter(
                    !type.equals("record"),
                    !type.equals("alert"),
                    parameters.texts("rule_name[]"),
                    parameters.texts("rule_group[]"),
                    parameters.texts("file[]"),
                    parameters.selectors("match[]"));
        }

        boolean takes(GroupStatus group) {
            return (groups.isEmpty() || groups.contains(group.group().name()))
                    && (files.isEmpty() || files.contains(group.group().file()));
        }

        boolean takes(Rule rule) {
            boolean kind = rule instanceof Rule.Alerting ? alerting : recording;
            return kind && (names.isEmpty() || names.contains(rule.name())) && matches(rule);
        }

        private boolean matches(Rule rule) {
            return matchers.isEmpty()
                    || matchers.stream().anyMatch(all -> all.stream().allMatch(one -> one.matches(rule.labels())));
        }
    }

    private ApiAnswer rules(ApiParameters parameters) throws ApiError {
        Filter filter = Filter.of(parameters);
        boolean withAlerts = !parameters.text("exclude_alerts").equalsIgnoreCase("true");
        int limit = parameters.limit("group_limit");
        String token = parameters.text("group_next_token");
        List<GroupStatus> sorted = new ArrayList<>(groups.get());
        sorted.sort(Comparator.comparing(group -> group.group().key()));
        List<GroupStatus> shown = new ArrayList<>();
        String next = "";
        boolean after = token.isEmpty();
        for (GroupStatus group : sorted) {
            if (after && filter.takes(group)) {
                if (shown.size() == limit) {
                    next = shown.get(limit - 1).group().key();
                    break;
                }
                GroupStatus filtered = filtered(group, filter);
                if (!filtered.rules().isEmpty() || group.rules().isEmpty()) {
                    shown.add(filtered);
                }
            }
            after |= group.group().key().equals(token);
        }
        if (!after) {
            throw ApiError.badParameter("group_next_token", "invalid group_next_token. were rule groups changed?");
        }
        String nextToken = next;
        return ApiAnswer.of(json -> groups(json, shown, withAlerts, nextToken));
    }

    private static GroupStatus filtered(GroupStatus group, Filter filter) {
        return new GroupStatus(
                group.group(),
                group.interval(),
                group.lastEvaluation(),
                group.lastDuration(),
                group.rules().stream()
                        .filter(status -> filter.takes(status.rule()))
                        .toList());
    }

    private static void groups(JsonGenerator json, List<GroupStatus> groups, boolean withAlerts, String nextToken)
            throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("groups");
        for (GroupStatus group : groups) {
            json.writeStartObject();
            json.writeStringField("name", group.group().name());
            json.writeStringField("file", group.group().file());
            json.writeArrayFieldStart("rules");
            for (RuleStatus rule : group.rules()) {
                rule(json, rule, withAlerts);
            }
            json.writeEndArray();
            ApiJson.seconds(json, "interval", group.interval());
            json.writeNumberField("limit", group.group().limit());
            ApiJson.seconds(json, "evaluationTime", group.lastDuration());
            json.writeStringField("lastEvaluation", ApiJson.time(group.lastEvaluation()));
            json.writeEndObject();
        }
        json.writeEndArray();
        if (!nextToken.isEmpty()) {
            json.writeStringField("groupNextToken", nextToken);
        }
        json.writeEndObject();
    }

    private static void rule(JsonGenerator json, RuleStatus status, boolean withAlerts) throws IOException {
        json.writeStartObject();
        Rule rule = status.rule();
        if (rule instanceof Rule.Alerting alerting) {
            json.writeStringField("state", status.state().text());
            json.writeStringField("name", rule.name());
            json.writeStringField("query", rule.query().text());
            ApiJson.seconds(json, "duration", alerting.holdFor());
            ApiJson.seconds(json, "keepFiringFor", alerting.keepFiringFor());
            json.writeFieldName("labels");
            ApiJson.labels(json, rule.labels());
            json.writeFieldName("annotations");
            ApiJson.labels(json, alerting.annotationTexts());
            alerts(json, withAlerts ? status.alerts() : List.of());
        } else {
            json.writeStringField("name", rule.name());
            json.writeStringField("query", rule.query().text());
            if (!rule.labels().isEmpty()) {
                json.writeFieldName("labels");
                ApiJson.labels(json, rule.labels());
            }
        }
        RuleEvaluation last = status.last();
        json.writeStringField("health", status.health().text());
        if (last != null && !last.error().isEmpty()) {
            json.writeStringField("lastError", last.error());
        }
        if (!status.withoutSeries().isEmpty()) {
            json.writeArrayFieldStart("selectorsWithoutSeries");
            for (String selector : status.withoutSeries()) {
                json.writeString(selector);
            }
            json.writeEndArray();
        }
        ApiJson.seconds(json, "evaluationTime", last == null ? Duration.ZERO : last.took());
        json.writeStringField("lastEvaluation", ApiJson.time(last == null ? null : last.at()));
        json.writeStringField("type", rule instanceof Rule.Alerting ? "alerting" : "recording");
        json.writeEndObject();
    }
}
