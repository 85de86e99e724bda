package io.emberwatch.bridge.template;

import io.pebbletemplates.pebble.error.PebbleException;
import java.io.IOException;
import java.io.Writer;
import java.util.AbstractMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Tries a template on an alert of every kind before it is ever needed: a name that there is not is a fault. */
final class TemplateCheck {
    private TemplateCheck() {}

    /** @throws IllegalArgumentException with what is wrong and in which line */
    static void check(String template, boolean forAlert) {
        for (boolean firing : new boolean[] {true, false}) {
            Map<String, Object> group = Map.of(
                    "labels",
                    new Anything(),
                    "firing",
                    firing ? 2 : 0,
                    "resolved",
                    firing ? 0 : 2,
                    "receiver",
                    "team",
                    "incident",
                    "1z-abc");
            Map<String, Object> alert = Map.ofEntries(
                    Map.entry("name", "EtcdNoLeader"),
                    Map.entry("severity", "critical"),
                    Map.entry("firing", firing),
                    Map.entry("labels", new Anything()),
                    Map.entry("annotations", new Anything()),
                    Map.entry("startsAt", "2026-11-21T12:01:03Z"),
                    Map.entry("endsAt", firing ? "" : "2026-11-21T12:09:03Z"),
                    Map.entry("since", "2026-11-21 12:01:03 UTC"),
                    Map.entry("duration", "8m"),
                    Map.entry("value", "0.97"),
                    Map.entry("url", "http://prometheus.example.com/graph"));
            try {
                Templates.engine(UnaryOperator.identity(), true)
                        .getTemplate(template)
                        .evaluate(
                                Writer.nullWriter(),
                                forAlert ? Map.of("alert", alert, "group", group) : Map.of("group", group),
                                Locale.ROOT);
            } catch (PebbleException e) {
                throw new IllegalArgumentException(e.getPebbleMessage() + " in line " + e.getLineNumber(), e);
            } catch (IOException | RuntimeException e) {
                throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    // Which labels there are is known only when an alert comes.
    private static final class Anything extends AbstractMap<String, String> {
        @Override
        public boolean containsKey(Object key) {
            return true;
        }

        @Override
        public String get(Object key) {
            return "value";
        }

        @Override
        public Set<Entry<String, String>> entrySet() {
            return Set.of(Map.entry("cluster", "prod"));
        }
    }
}
