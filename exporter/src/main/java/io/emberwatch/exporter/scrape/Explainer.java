package io.emberwatch.exporter.scrape;

import java.util.List;

/** A part that can tell what it does with a text: a line for its listener, a URL that it asks or answers, a series. */
public interface Explainer {
    /**
     * What becomes of a text, one statement a line: which rule matches, what series come of it, or why it is refused.
     *
     * @return empty when the text is none of its business; nothing is counted or kept
     */
    List<String> explain(String text);
}
