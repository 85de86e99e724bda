package io.emberwatch.push.route;

import io.emberwatch.service.config.Default;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which lines and fields pass. All conditions must hold. Patterns are exact text, wild cards ({@code cpu*}), regular
 * expressions ({@code /cpu|mem/}), each turned round by a leading {@code !}.
 *
 * @param measurement pattern; every measurement when absent
 * @param tags patterns by tag key; a tag that a line does not have counts as empty text
 * @param fields patterns; a field passes when one of them matches and no negated one refuses it; all when empty
 */
public record FilterConfig(
        @Nullable String measurement,
        @Default("{}") Map<String, String> tags,
        @Default("[]") List<String> fields) {
    public FilterConfig {
        tags = Map.copyOf(tags);
        fields = List.copyOf(fields);
        if (measurement != null) {
            TextPattern.parse(measurement);
        }
        tags.values().forEach(TextPattern::parse);
        fields.forEach(TextPattern::parse);
    }
}
