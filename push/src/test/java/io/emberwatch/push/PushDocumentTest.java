package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docs/push.md names every key. */
final class PushDocumentTest {
    @Test
    void everyKeyIsInTheDocument() throws Exception {
        String document = Files.readString(Path.of("../docs/push.md"));
        Set<String> missing = new TreeSet<>();
        collect(PushConfig.class, "push", document, missing);
        assertThat(missing).isEmpty();
    }

    private static void collect(Class<?> type, String path, String document, Set<String> missing) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key =
                    component.getName().replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
            if (!document.contains('`' + key + '`')) {
                missing.add(path + "." + key);
            }
            collect(component.getGenericType(), path + "." + key, document, missing);
        }
    }

    private static void collect(Type type, String path, String document, Set<String> missing) {
        if (type instanceof Class<?> plain
                && plain.isRecord()
                && plain.getName().startsWith("io.emberwatch.push")) {
            collect(plain, path, document, missing);
        } else if (type instanceof ParameterizedType several) {
            for (Type argument : several.getActualTypeArguments()) {
                collect(argument, path, document, missing);
            }
        }
    }
}
