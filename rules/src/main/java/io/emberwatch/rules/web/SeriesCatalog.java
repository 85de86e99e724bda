package io.emberwatch.rules.web;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import java.time.Instant;
import java.util.List;

/** What series there are. No selectors at all stand for every series; all lists are sorted. */
public interface SeriesCatalog {
    List<Labels> series(List<List<Matcher>> selectors, Instant from, Instant to) throws QueryException;

    List<String> labelNames(List<List<Matcher>> selectors, Instant from, Instant to) throws QueryException;

    List<String> labelValues(String label, List<List<Matcher>> selectors, Instant from, Instant to)
            throws QueryException;
}
