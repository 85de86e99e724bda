package io.emberwatch.exporter;

import io.emberwatch.exporter.scrape.Part;
import java.util.function.Supplier;

/**
 * A part that the configuration asks for. When the configuration is read again, a part whose section is equal to the one
 * before keeps running; another is closed, and what is planned now begun in its place.
 *
 * @param name unique among the parts, the same at every reading
 * @param section everything that the part depends on, compared with {@link Object#equals}: its section's record, or a list
 *     of several
 * @param beginning makes the part; its metrics may be registered anew each time, see {@link
 *     io.emberwatch.service.metrics.CarryingRegistry}
 */
record PartPlan(String name, Object section, Supplier<? extends Part> beginning) {
    boolean isSameAs(PartPlan other) {
        return name.equals(other.name) && section.equals(other.section);
    }
}
