package io.emberwatch.push.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the documentation of {@link Monitoring} is Java that compiles. */
final class ExampleTest {
    private static final Path SOURCE = Path.of("src/main/java/io/emberwatch/push/client/Monitoring.java");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)<pre>\\{@code\\n(.*?)\\n \\* }</pre>");

    @TempDir
    private Path folder;

    @Test
    void theExampleCompiles() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(SOURCE));
        assertThat(example.find()).isTrue();
        String body = example.group(1).replaceAll("(?m)^ \\* ?", "");
        assertThat(body).contains("Monitoring.to(");
        String text = "import io.emberwatch.push.client.*; import java.time.Duration;\n"
                + "final class Example { void run() throws Exception {\n" + body + "\n} }";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return text;
                    }
                };
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(source))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }
}
