package io.emberwatch.exporter.status;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a source reports must be readable once it is written. */
public final class ValidPage {
    private ValidPage() {}

    /** The page; fails when it cannot be read back. */
    public static String of(List<MetricFamily> families) {
        String page = ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4);
        try {
            ExpositionParser.parseFamilies(page.getBytes(StandardCharsets.UTF_8), TextFormat.PROMETHEUS_0_0_4);
        } catch (ParseException e) {
            throw new AssertionError(page, e);
        }
        return page;
    }
}
