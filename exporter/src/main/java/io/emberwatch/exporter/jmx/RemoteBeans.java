package io.emberwatch.exporter.jmx;

import io.emberwatch.exporter.status.BoundedCall;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/**
 * The beans of a program over JMX's own protocol. The connection and what was learned of the beans' attributes are kept;
 * each bean is asked for all of its attributes at once.
 */
final class RemoteBeans implements Beans {
    private static final String RESPONSE_TIMEOUT = "sun.rmi.transport.tcp.responseTimeout";
    private static final double MILLIS = 1000;
    private static final int MAX_DEPTH = 16;

    private final JmxConfig config;
    private final JmxRules rules;
    private final BoundedCall call = new BoundedCall("jmx");
    private final AtomicReference<@Nullable JMXConnector> connector = new AtomicReference<>();
    private final Map<ObjectName, Map<String, String>> attributes = new HashMap<>();

    RemoteBeans(JmxConfig config, JmxRules rules) {
        this.config = config;
        this.rules = rules;
        // RMI waits for ever unless told otherwise before its classes are loaded.
        if (System.getProperty(RESPONSE_TIMEOUT) == null) {
            System.setProperty(RESPONSE_TIMEOUT, "60000");
        }
    }

    @Override
    public void read(JmxMetrics metrics, Deadline deadline) throws IOException, TargetFault {
        call.run(
                () -> {
                    ask(metrics, deadline);
                    return true;
                },
                this::abort,
                deadline);
    }

    @SuppressWarnings("BanJNDI") // It is JMX's own way, and the address comes from the configuration alone.
    private void ask(JmxMetrics metrics, Deadline deadline) throws IOException, TargetFault {
        try {
            JMXConnector known = connector.get();
            if (known == null) {
                Map<String, Object> environment = new HashMap<>();
                if (config.username() != null) {
                    String password =
                            config.password() == null ? "" : config.password().reveal();
                    environment.put(JMXConnector.CREDENTIALS, new String[] {config.username(), password});
                }
                known = JMXConnectorFactory.connect(new JMXServiceURL(config.serviceUrl()), environment);
                connector.set(known);
            }
            MBeanServerConnection server = known.getMBeanServerConnection();
            Set<ObjectName> names = names(server);
            attributes.keySet().retainAll(names);
            for (ObjectName name : names) {
                if (deadline.isPast()) {
                    throw new TargetFault(TargetFault.Reason.TIMEOUT, "there are more beans than can be read in time");
                }
                bean(server, name, metrics);
            }
        } catch (SecurityException e) {
            abort();
            throw new TargetFault(TargetFault.Reason.DENIED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            abort();
            throw e;
        } catch (JMException e) {
            throw TargetFault.garbage(String.valueOf(e));
        }
    }

    private Set<ObjectName> names(MBeanServerConnection server) throws IOException, JMException {
        Set<ObjectName> names = new LinkedHashSet<>();
        if (rules.include().isEmpty()) {
            names.addAll(server.queryNames(null, null));
        }
        for (String pattern : rules.include()) {
            names.addAll(server.queryNames(new ObjectName(pattern), null));
        }
        for (String pattern : rules.exclude()) {
            names.removeAll(server.queryNames(new ObjectName(pattern), null));
        }
        return new TreeSet<>(names);
    }

    private void bean(MBeanServerConnection server, ObjectName name, JmxMetrics metrics) throws IOException {
        Map<String, String> descriptions;
        List<Attribute> values;
        try {
            Map<String, String> known = attributes.get(name);
            descriptions = known == null ? learn(server, name) : known;
            values = server.getAttributes(name, descriptions.keySet().toArray(new String[0]))
                    .asList();
        } catch (JMException | RuntimeException goneOrBroken) {
            // One bean that cannot be read is no reason to miss the others.
            return;
        }
        BeanName bean = BeanName.parse(name.toString());
        for (Attribute attribute : values) {
            String description = descriptions.getOrDefault(attribute.getName(), "");
            value(
                    new Place(bean.domain(), bean.properties(), List.of(), attribute.getName(), description),
                    attribute.getValue(),
                    metrics,
                    0);
        }
    }

    private Map<String, String> learn(MBeanServerConnection server, ObjectName name) throws IOException, JMException {
        Map<String, String> readable = new LinkedHashMap<>();
        List<String> excluded = rules.excludeAttributes().getOrDefault(name.toString(), List.of());
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
            if (attribute.isReadable() && !excluded.contains(attribute.getName())) {
                readable.put(attribute.getName(), String.valueOf(attribute.getDescription()));
            }
        }
        attributes.put(name, readable);
        return readable;
    }

    /** Where a value stands. */
    private record Place(
            String domain, Map<String, String> properties, List<String> keys, String name, String description) {
        /** A value below this one. */
        Place into(String key) {
            List<String> deeper = new ArrayList<>(keys);
            deeper.add(name);
            return new Place(domain, properties, deeper, key, description);
        }

        Place with(Map<String, String> more) {
            return new Place(domain, more, keys, name, description);
        }
    }

    @SuppressWarnings("JavaUtilDate") // Programs hand out such dates.
    private static void value(Place place, @Nullable Object value, JmxMetrics metrics, int depth) {
        if (value == null || depth > MAX_DEPTH) {
            return;
        } else if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            metrics.record(place.domain, place.properties, place.keys, place.name, place.description, value);
        } else if (value instanceof Date date) {
            metrics.record(
                    place.domain, place.properties, place.keys, place.name, place.description, date.getTime() / MILLIS);
        } else if (value instanceof Enum<?> constant) {
            metrics.record(place.domain, place.properties, place.keys, place.name, place.description, constant.name());
        } else if (value instanceof CompositeData composite) {
            for (String key : composite.getCompositeType().keySet()) {
                value(place.into(key), composite.get(key), metrics, depth + 1);
            }
        } else if (value instanceof TabularData table) {
            table(place, table, metrics, depth);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> value(place.into(String.valueOf(key)), item, metrics, depth + 1));
        }
    }

    // A row's index becomes properties of the name; a column called value is the attribute itself.
    private static void table(Place place, TabularData table, JmxMetrics metrics, int depth) {
        List<String> index = table.getTabularType().getIndexNames();
        Set<String> columns = new TreeSet<>(table.getTabularType().getRowType().keySet());
        columns.removeAll(index);
        for (Object row : table.values()) {
            if (row instanceof CompositeData composite) {
                Map<String, String> properties = new LinkedHashMap<>(place.properties);
                for (String key : index) {
                    properties.put(key, String.valueOf(composite.get(key)));
                }
                for (String column : columns) {
                    boolean itself = column.toLowerCase(Locale.ROOT).equals("value");
                    Place cell = (itself ? place : place.into(column)).with(properties);
                    value(cell, composite.get(column), metrics, depth + 1);
                }
            }
        }
    }

    private void abort() {
        JMXConnector open = connector.getAndSet(null);
        if (open != null) {
            // Closing says goodbye to a server that may not answer.
            Thread goodbye = new Thread(
                    () -> {
                        try {
                            open.close();
                        } catch (IOException e) {
                            // It is gone already.
                        }
                    },
                    "jmx-close");
            goodbye.setDaemon(true);
            goodbye.start();
        }
    }

    @Override
    public void close() {
        abort();
    }
}
