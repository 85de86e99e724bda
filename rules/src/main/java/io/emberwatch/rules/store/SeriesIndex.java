package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.Matcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds series by their labels: for every name and value the list of series that carry it.
 *
 * <p>Rules ask the same selectors again and again, so answers are kept until a series comes or goes.
 */
final class SeriesIndex {
    private static final int MAX_KEPT_SELECTIONS = 2_000;
    private static final int MAX_KEPT_SERIES = 2_000_000;

    private final Map<Labels, StoredSeries> byLabels = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, LabelName> names = new HashMap<>();
    private final Postings all = new Postings("");
    private final Map<List<Matcher>, Selection> selections = new ConcurrentHashMap<>();
    private final AtomicInteger keptSeries = new AtomicInteger();
    private final AtomicLong version = new AtomicLong();
    private int lastId;

    private record LabelName(String name, Map<String, Postings> values) {}

    private record Selection(long version, List<StoredSeries> series) {}

    @Nullable
    StoredSeries find(Labels labels) {
        return byLabels.get(labels);
    }

    /** The series of an id, or null when there is none (any more). */
    @Nullable
    StoredSeries byId(int id) {
        lock.readLock().lock();
        try {
            return all.byId(id);
        } finally {
            lock.readLock().unlock();
        }
    }

    int size() {
        return byLabels.size();
    }

    /** No new series gets an id up to this one. */
    void reserveIds(int last) {
        lastId = Math.max(lastId, last);
    }

    /**
     * The series of these labels, made when there is none.
     *
     * @param created told of a new series before anybody can see it
     */
    StoredSeries findOrCreate(Labels labels, Consumer<StoredSeries> created) {
        StoredSeries known = byLabels.get(labels);
        if (known != null && !known.isRemoved()) {
            return known;
        }
        lock.writeLock().lock();
        try {
            known = byLabels.get(labels);
            if (known != null && !known.isRemoved()) {
                return known;
            }
            StoredSeries series = add(++lastId, labels);
            created.accept(series);
            byLabels.put(series.labels(), series);
            return series;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Adds a series as the database has it; ids ascend from call to call. */
    StoredSeries restore(int id, Labels labels) {
        lock.writeLock().lock();
        try {
            StoredSeries series = add(id, labels);
            lastId = Math.max(lastId, id);
            byLabels.put(series.labels(), series);
            return series;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private StoredSeries add(int id, Labels labels) {
        String[] pairs = new String[labels.size() * 2];
        Postings[] lists = new Postings[labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            LabelName name = names.computeIfAbsent(labels.name(i), key -> new LabelName(key, new HashMap<>()));
            lists[i] = name.values().computeIfAbsent(labels.value(i), Postings::new);
            pairs[2 * i] = name.name();
            pairs[2 * i + 1] = lists[i].value();
        }
        StoredSeries series = new StoredSeries(id, Labels.ofSortedUnchecked(pairs));
        for (Postings list : lists) {
            list.add(series);
        }
        all.add(series);
        version.incrementAndGet();
        return series;
    }

    /** Drops the series that have been removed. */
    void dropRemoved(Collection<StoredSeries> removed) {
        lock.writeLock().lock();
        try {
            Map<Postings, LabelName> touched = new HashMap<>();
            for (StoredSeries series : removed) {
                byLabels.remove(series.labels(), series);
                for (int i = 0; i < series.labels().size(); i++) {
                    LabelName name = names.get(series.labels().name(i));
                    Postings list = name == null
                            ? null
                            : name.values().get(series.labels().value(i));
                    if (name != null && list != null) {
                        touched.put(list, name);
                    }
                }
            }
            all.removeEnded();
            touched.forEach((list, name) -> {
                list.removeEnded();
                if (list.size() == 0) {
                    name.values().remove(list.value());
                    if (name.values().isEmpty()) {
                        names.remove(name.name());
                    }
                }
            });
            version.incrementAndGet();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Calls {@code action} for every series there is now. */
    void forEach(Consumer<StoredSeries> action) {
        byLabels.values().forEach(action);
    }

    /** The series that meet all matchers, by id. */
    List<StoredSeries> select(List<Matcher> matchers) {
        Selection kept = selections.get(matchers);
        if (kept != null && kept.version() == version.get()) {
            return kept.series();
        }
        lock.readLock().lock();
        try {
            Selection fresh = new Selection(version.get(), Collections.unmodifiableList(find(matchers)));
            keep(matchers, fresh);
            return fresh.series();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void keep(List<Matcher> matchers, Selection fresh) {
        int more = fresh.series().size();
        if (selections.size() >= MAX_KEPT_SELECTIONS || keptSeries.addAndGet(more) > MAX_KEPT_SERIES) {
            selections.clear();
            keptSeries.set(more);
        }
        selections.put(List.copyOf(matchers), fresh);
    }

    private List<StoredSeries> find(List<Matcher> matchers) {
        Candidates best = null;
        for (Matcher matcher : matchers) {
            if (matcher.type() == Matcher.Type.EQ && !matcher.value().isEmpty()) {
                best = Candidates.fewer(best, candidates(matcher));
            }
        }
        if (best == null) {
            for (Matcher matcher : matchers) {
                if (!matcher.matches("")) {
                    best = Candidates.fewer(best, candidates(matcher));
                }
            }
        }
        List<Postings> lists = best == null ? List.of(all) : best.lists();
        List<SeriesFilter> filters = new ArrayList<>(matchers.size());
        for (Matcher matcher : matchers) {
            if (best == null || !matcher.equals(best.matcher())) {
                filters.add(new SeriesFilter(matcher));
            }
        }
        return filtered(lists, filters);
    }

    private static List<StoredSeries> filtered(List<Postings> lists, List<SeriesFilter> filters) {
        List<StoredSeries> found = new ArrayList<>();
        for (Postings list : lists) {
            for (int i = 0; i < list.size(); i++) {
                StoredSeries series = list.get(i);
                if (meetsAll(filters, series)) {
                    found.add(series);
                }
            }
        }
        if (lists.size() > 1) {
            found.sort(Comparator.comparingInt(StoredSeries::id));
        }
        return found;
    }

    private static boolean meetsAll(List<SeriesFilter> filters, StoredSeries series) {
        for (SeriesFilter filter : filters) {
            if (!filter.test(series)) {
                return false;
            }
        }
        return true;
    }

    private Candidates candidates(Matcher matcher) {
        LabelName name = names.get(matcher.name());
        List<Postings> lists = new ArrayList<>(1);
        if (name != null && matcher.type() == Matcher.Type.EQ) {
            Postings list = name.values().get(matcher.value());
            if (list != null) {
                lists.add(list);
            }
        } else if (name != null) {
            name.values().forEach((value, list) -> {
                if (matcher.matches(value)) {
                    lists.add(list);
                }
            });
        }
        return new Candidates(matcher, lists);
    }

    /** The series that meet one matcher that does not match a missing label. */
    private record Candidates(Matcher matcher, List<Postings> lists) {
        static Candidates fewer(@Nullable Candidates a, Candidates b) {
            return a == null || b.count() < a.count() ? b : a;
        }

        long count() {
            return lists.stream().mapToLong(Postings::size).sum();
        }
    }

    /** A matcher that remembers its verdict on each value: a thousand series share a handful of values. */
    private static final class SeriesFilter {
        private final Matcher matcher;
        private final Map<String, Boolean> verdicts = new HashMap<>();

        SeriesFilter(Matcher matcher) {
            this.matcher = matcher;
        }

        boolean test(StoredSeries series) {
            String value = series.labels().get(matcher.name());
            boolean plain = matcher.type() == Matcher.Type.EQ || matcher.type() == Matcher.Type.NEQ;
            return plain ? matcher.matches(value) : verdicts.computeIfAbsent(value, matcher::matches);
        }
    }

    /** Every label name of every series. */
    Set<String> labelNames() {
        lock.readLock().lock();
        try {
            return new HashSet<>(names.keySet());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How many series carry each value of a label; empty when no series has the label. */
    Map<String, Integer> seriesByValue(String labelName) {
        lock.readLock().lock();
        try {
            LabelName name = names.get(labelName);
            Map<String, Integer> counts = new HashMap<>();
            if (name != null) {
                name.values().forEach((value, list) -> counts.put(value, list.size()));
            }
            return counts;
        } finally {
            lock.readLock().unlock();
        }
    }
}
