package io.emberwatch.exporter;

import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.service.http.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a browser is shown: the sources, where to read each, and what else is answered here. */
final class LandingPage {
    private LandingPage() {}

    static String html(List<Source> sources, List<Route> routes) {
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Emberwatch exporter</title>
                <style>
                body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 2rem 1rem; max-width: 52rem;
                  color: #222; background: #fff; }
                h1 { font-size: 1.6rem; margin: 0 0 .25rem; border-bottom: 3px solid #c8501e; padding-bottom: .5rem; }
                h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
                a { color: #a03c10; } a:hover { color: #c8501e; }
                table { border-collapse: collapse; width: 100%; }
                td { border-top: 1px solid #ddd; padding: .4rem .5rem .4rem 0; vertical-align: top; }
                td:first-child { white-space: nowrap; font-weight: 600; width: 8rem; }
                td a { margin-right: .6rem; }
                input[name=q] { font: inherit; width: 24rem; max-width: 70%; padding: .3rem .5rem; }
                button { font: inherit; padding: .3rem .8rem; }
                code { background: #f4f1ee; padding: .1rem .3rem; }
                @media (prefers-color-scheme: dark) { body { color: #ddd; background: #181614; }
                  a { color: #f08a5a; } td { border-color: #3a3531; } code { background: #2a2623; } }
                </style>
                </head>
                <body>
                <h1>Emberwatch exporter</h1>
                <p>Sensors, host, etcd and whatever else is configured, on one page: <a href="/metrics">/metrics</a>.
                A scrape may choose with <code>?collect[]=NAME</code> or <code>?exclude[]=NAME</code>.</p>
                <h2>By source</h2>
                <table>
                """);
        Set<String> groups = new LinkedHashSet<>();
        sources.forEach(source -> groups.add(source.group()));
        groups.forEach(group -> addGroup(html, group, sources));
        html.append("""
                </table>
                <h2>Where does it come from?</h2>
                <form action="/exporter/explain">
                <input name="q" aria-label="a series, a line or a URL" placeholder="a series, a line or a URL" required>
                <button>Explain</button>
                </form>
                <h2>More</h2>
                <p><a href="/-/healthy">/-/healthy</a> <a href="/-/ready">/-/ready</a>""");
        for (Route route : routes) {
            html.append(" <code>")
                    .append(escape(String.join(" ", route.methods()) + " " + route.path()))
                    .append("</code>");
        }
        return html.append("</p>\n</body>\n</html>\n").toString();
    }

    private static void addGroup(StringBuilder html, String group, List<Source> sources) {
        html.append("<tr><td>").append(link(group)).append("</td><td>");
        sources.stream()
                .filter(source -> source.group().equals(group))
                .map(Source::name)
                .filter(name -> !name.equals(group))
                .forEach(name -> html.append(link(name)).append('\n'));
        html.append("</td></tr>\n");
    }

    private static String link(String name) {
        return "<a href=\"/metrics?collect[]=" + escape(URLEncoder.encode(name, StandardCharsets.UTF_8)) + "\">"
                + escape(name) + "</a>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
