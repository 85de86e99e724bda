package io.emberwatch.console;

import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The runbooks of a folder, one Markdown file for each alert, as pages at {@code /runbooks/<alert>}. */
final class Runbooks {
    private static final String PREFIX = "/runbooks/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,99}");

    private final Path folder;
    private final Parser parser = Parser.builder().build();
    private final HtmlRenderer renderer =
            HtmlRenderer.builder().escapeHtml(true).sanitizeUrls(true).build();

    /** @param folder may be missing: then there are none */
    Runbooks(Path folder) {
        this.folder = folder;
    }

    /** @throws HttpError 404 when there is no such runbook */
    void handle(Exchange exchange) throws IOException, HttpError {
        String path = exchange.path();
        String name = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        String markdown = name.isEmpty() ? index() : read(name);
        ConsoleService.respond(exchange, "html", page(name.isEmpty() ? "Runbooks" : name, markdown));
    }

    private String read(String name) throws IOException, HttpError {
        Path file = folder.resolve(name + ".md");
        if (!NAME.matcher(name).matches() || !Files.isRegularFile(file)) {
            throw new HttpError(404, "there is no runbook of this name; " + PREFIX + " lists those there are");
        }
        return Files.readString(file);
    }

    private String index() throws IOException {
        StringBuilder list = new StringBuilder("# Runbooks\n\n");
        for (String name : names()) {
            list.append("- [")
                    .append(name)
                    .append("](")
                    .append(PREFIX)
                    .append(name)
                    .append(")\n");
        }
        return list.toString();
    }

    private List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".md"))
                    .map(file -> file.substring(0, file.length() - ".md".length()))
                    .filter(NAME.asMatchPredicate())
                    .sorted()
                    .toList();
        }
    }

    private byte[] page(String title, String markdown) {
        String html = """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s · Emberwatch</title>
                <link rel="stylesheet" href="/page.css">
                <link rel="icon" href="/icon.svg">
                <header><a href="/">Emberwatch</a> <a href="/runbooks/">Runbooks</a></header>
                <main class="text"><section class="wide">
                %s</section></main>
                </html>
                """.formatted(title, renderer.render(parser.parse(markdown)));
        return html.getBytes(StandardCharsets.UTF_8);
    }
}
