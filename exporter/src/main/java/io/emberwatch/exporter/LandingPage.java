package io.emberwatch.exporter;

import io.emberwatch.exporter.scrape.Source;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a browser is shown: the sources, and where to read each. */
final class LandingPage {
    private LandingPage() {}

    static String html(List<Source> sources) {
        Set<String> groups = new LinkedHashSet<>();
        sources.forEach(source -> groups.add(source.group()));
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Emberwatch exporter</title></head>
                <body>
                <h1>Emberwatch exporter</h1>
                <p><a href="/metrics">Metrics</a></p>
                <h2>By source</h2>
                <ul>
                """);
        for (String group : groups) {
            html.append("<li>").append(link(group));
            List<String> names = sources.stream()
                    .filter(source -> source.group().equals(group))
                    .map(Source::name)
                    .filter(name -> !name.equals(group))
                    .toList();
            if (!names.isEmpty()) {
                html.append(": ")
                        .append(String.join(
                                " ", names.stream().map(LandingPage::link).toList()));
            }
            html.append("</li>\n");
        }
        return html.append("</ul>\n</body>\n</html>\n").toString();
    }

    private static String link(String name) {
        String text = escape(name);
        return "<a href=\"/metrics?collect[]=" + text + "\">" + text + "</a>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
