package io.emberwatch.rules.discovery;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Addresses with labels that they share, from a {@code static_configs} entry, a file or a discovery endpoint.
 *
 * @param source where it comes from, unique in its job
 */
public record TargetGroup(String source, List<String> addresses, Labels labels) {
    public static final String ADDRESS = "__address__";

    public TargetGroup {
        addresses = List.copyOf(addresses);
    }

    /** The labels of each target as discovered. */
    public List<Labels> targets() {
        return addresses.stream().map(address -> labels.with(ADDRESS, address)).toList();
    }

    public static TargetGroup read(MappingReader reader, String source) {
        Labels.Builder labels = Labels.builder();
        for (Map.Entry<String, String> label : reader.namedTexts("labels").entrySet()) {
            if (label.getKey().isEmpty()) {
                reader.problem("labels", "a label name must not be empty");
            } else {
                labels.set(label.getKey(), label.getValue());
            }
        }
        List<String> addresses = reader.texts("targets");
        for (String address : addresses) {
            if (address.isBlank()) {
                reader.problem("targets", "an address must not be empty");
            }
        }
        reader.finish();
        return new TargetGroup(source, addresses, labels.build());
    }

    /**
     * Reads what a discovery file or endpoint holds: a list of groups in YAML or JSON.
     *
     * @param extra labels that each group gets beside its own
     */
    public static List<TargetGroup> parse(String source, String text, Labels extra) throws ConfigException {
        YamlNode root = YamlNode.parse(source, text);
        List<Problem> problems = new ArrayList<>();
        List<TargetGroup> groups = new ArrayList<>();
        if (root instanceof YamlNode.Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                String name = source + ":" + groups.size();
                if (item instanceof YamlNode.Mapping mapping) {
                    TargetGroup group = read(new MappingReader(source, "", mapping, problems), name);
                    Labels.Builder labels = group.labels().toBuilder();
                    extra.toMap().forEach(labels::set);
                    groups.add(new TargetGroup(name, group.addresses(), labels.build()));
                } else {
                    problems.add(new Problem(
                            source, item.line(), item.column(), "", "expected a mapping with targets and labels"));
                }
            }
        } else if (!(root instanceof YamlNode.Scalar scalar && scalar.isNull())) {
            problems.add(new Problem(source, root.line(), root.column(), "", "expected a list of target groups"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return groups;
    }
}
