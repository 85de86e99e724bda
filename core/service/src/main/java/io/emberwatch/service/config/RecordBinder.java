package io.emberwatch.service.config;

import io.emberwatch.service.config.ConfigException.Problem;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One binding of a YAML tree to records; collects problems instead of stopping at the first. */
final class RecordBinder {
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./-]*(:[0-9]+)?");

    private final String fileName;
    private final ScalarReader scalars;
    private final List<Problem> problems;

    RecordBinder(
            String fileName,
            @Nullable Path folder,
            UnaryOperator<@Nullable String> environment,
            List<Problem> problems) {
        this.fileName = fileName;
        this.scalars = new ScalarReader(folder, environment);
        this.problems = problems;
    }

    /** The record, or null when a problem was found in one of its values. */
    <T> @Nullable T record(YamlNode node, Class<T> type, String path) {
        YamlNode.Mapping mapping;
        if (isNull(node)) {
            mapping = new YamlNode.Mapping(Map.of(), node.line(), node.column());
        } else if (node instanceof YamlNode.Mapping given) {
            mapping = given;
        } else {
            problem(node, path, "expected keys and values, found " + node.kind());
            return null;
        }
        RecordComponent[] components = type.getRecordComponents();
        refuseUnknown(mapping, components, path);
        // The known keys are judged by the constructor too, whatever stands beside them.
        int before = problems.size();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(mapping, components[i], path);
        }
        return problems.size() > before ? null : construct(type, components, values, mapping, path);
    }

    private void refuseUnknown(YamlNode.Mapping mapping, RecordComponent[] components, String path) {
        Set<String> known = new TreeSet<>();
        for (RecordComponent component : components) {
            known.add(key(component));
            if (component.getType() == Secret.class) {
                known.add(key(component) + "_file");
            }
        }
        mapping.entries().forEach((name, entry) -> {
            if (!known.contains(name)) {
                String nearest = Nearest.of(name, known);
                problems.add(new Problem(
                        fileName,
                        entry.line(),
                        entry.column(),
                        join(path, name),
                        "unknown key; "
                                + (nearest == null
                                        ? "expected one of " + String.join(", ", known)
                                        : "did you mean " + nearest + "?")));
            }
        });
    }

    private @Nullable Object component(YamlNode.Mapping mapping, RecordComponent component, String path) {
        String key = key(component);
        YamlNode value = mapping.get(key);
        if (component.getType() == Secret.class) {
            YamlNode file = mapping.get(key + "_file");
            if (file != null && !isNull(file)) {
                if (value != null && !isNull(value)) {
                    problem(file, join(path, key + "_file"), "give " + key + " or " + key + "_file, not both");
                    return null;
                }
                return scalar(file, Secret.class, join(path, key + "_file"), true);
            }
        }
        if (value != null && !isNull(value)) {
            return value(value, component.getGenericType(), join(path, key));
        }
        Default given = component.getAnnotation(Default.class);
        if (given != null) {
            return byDefault(mapping, component, given.value(), join(path, key));
        }
        if (isNullable(component)) {
            return null;
        }
        if (component.getType().isRecord()) {
            return record(emptyMapping(mapping), component.getType(), join(path, key));
        }
        problem(mapping, join(path, key), "is missing; expected " + expectation(component.getType()));
        return null;
    }

    private static String expectation(Class<?> type) {
        return type == List.class ? "a list" : type == Map.class ? "keys and values" : ScalarReader.expectation(type);
    }

    // What is wrong with a default is said of the mapping that left the key out.
    private @Nullable Object byDefault(YamlNode.Mapping mapping, RecordComponent component, String text, String path) {
        YamlNode node;
        try {
            node = defaultNode(text);
        } catch (ConfigException e) {
            throw new IllegalStateException(component + ": bad default " + text, e);
        }
        int before = problems.size();
        Object value = value(node, component.getGenericType(), path);
        List<Problem> found = problems.subList(before, problems.size());
        found.replaceAll(
                problem -> new Problem(fileName, mapping.line(), mapping.column(), problem.path(), problem.message()));
        return value;
    }

    // Most defaults are a plain word or nothing in brackets; no parser is needed for these, and there are hundreds.
    private static YamlNode defaultNode(String text) throws ConfigException {
        return switch (text) {
            case "{}" -> new YamlNode.Mapping(Map.of(), 1, 1);
            case "[]" -> new YamlNode.Sequence(List.of(), 1, 1);
            default ->
                PLAIN_WORD.matcher(text).matches()
                        ? new YamlNode.Scalar(text, true, 1, 1)
                        : YamlNode.parse("default", text);
        };
    }

    private static YamlNode emptyMapping(YamlNode at) {
        return new YamlNode.Mapping(Map.of(), at.line(), at.column());
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }

    private static boolean isNullable(RecordComponent component) {
        return Arrays.stream(component.getAnnotatedType().getAnnotations())
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private @Nullable Object value(YamlNode node, Type type, String path) {
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            if (parameterized.getRawType() == List.class) {
                return list(node, arguments[0], path);
            } else if (parameterized.getRawType() == Map.class && arguments[0] == String.class) {
                return map(node, arguments[1], path);
            }
            throw new IllegalStateException(type + " cannot be configured");
        }
        Class<?> raw = (Class<?>) type;
        if (raw == YamlNode.class) {
            return node;
        }
        boolean asRecord = raw.isRecord() && (node instanceof YamlNode.Mapping || !ScalarReader.reads(raw));
        return asRecord ? record(node, raw, path) : scalar(node, raw, path, false);
    }

    private @Nullable Object list(YamlNode node, Type item, String path) {
        if (!(node instanceof YamlNode.Sequence sequence)) {
            problem(node, path, "expected a list, found " + node.kind());
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            Object value = value(sequence.items().get(i), item, path + "[" + i + "]");
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private @Nullable Object map(YamlNode node, Type item, String path) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problem(node, path, "expected keys and values, found " + node.kind());
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            Object value = value(entry.value(), item, join(path, name));
            if (value != null) {
                values.put(name, value);
            }
        });
        return Collections.unmodifiableMap(values);
    }

    private @Nullable Object scalar(YamlNode node, Class<?> type, String path, boolean fromFile) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            problem(node, path, "expected " + ScalarReader.expectation(type) + ", found " + node.kind());
            return null;
        }
        try {
            return fromFile ? scalars.secretFile(scalar) : scalars.read(scalar, type);
        } catch (IllegalArgumentException e) {
            problem(node, path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private <T> @Nullable T construct(
            Class<T> type,
            RecordComponent[] components,
            @Nullable Object[] values,
            YamlNode.Mapping mapping,
            String path) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                refused(String.valueOf(refused.getMessage()), components, mapping, path);
                return null;
            }
            throw new IllegalStateException(type + " cannot be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private void refused(String message, RecordComponent[] components, YamlNode.Mapping mapping, String path) {
        for (RecordComponent component : components) {
            String key = key(component);
            for (String name : List.of(key, component.getName())) {
                if (message.startsWith(name + ": ")) {
                    YamlNode at = mapping.get(key);
                    problem(at == null ? mapping : at, join(path, key), message.substring(name.length() + 2));
                    return;
                }
            }
        }
        problem(mapping, path, message);
    }

    private void problem(YamlNode at, String path, String message) {
        problems.add(new Problem(fileName, at.line(), at.column(), path, message));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The value of a component whose key is absent; null where it must be given. */
    static @Nullable Object defaultOf(RecordComponent component) {
        List<Problem> problems = new ArrayList<>();
        RecordBinder binder = new RecordBinder("default", null, name -> null, problems);
        return binder.component(new YamlNode.Mapping(Map.of(), 0, 0), component, "");
    }

    static String key(RecordComponent component) {
        return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
