package io.emberwatch.rules.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreAppender;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.rules.store.StoredSeries;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SeriesCacheTest {
    private final StoreAppender appender = SeriesStore.inMemory(
                    StoreConfig.DEFAULT, new StoreMetrics(new CollectorRegistry()))
            .appender();

    @Test
    void vanishedSeriesAreThoseOfTheLastGoodPageThatAreNoMore() {
        Random random = new Random(9);
        SeriesCache cache = new SeriesCache();
        Set<String> alive = new HashSet<>();
        for (int round = 0; round < 2_000; round++) {
            List<String> page = page(random);
            boolean good = random.nextInt(5) > 0;
            boolean reached = good || random.nextBoolean();
            Set<String> seen = new TreeSet<>();
            cache.begin();
            if (reached) {
                for (String line : page.subList(0, good ? page.size() : page.size() / 2)) {
                    assertThat(touch(cache, line)).isEqualTo(seen.add(line));
                }
            }
            List<String> ended = new ArrayList<>();
            if (good) {
                cache.succeed(series -> ended.add(series.labels().metricName()));
                alive.removeAll(seen);
                assertThat(ended).as("round %s", round).containsExactlyInAnyOrderElementsOf(alive);
                alive = new HashSet<>(seen);
                assertThat(cache.size()).isEqualTo(seen.size());
            } else {
                cache.fail(series -> ended.add(series.labels().metricName()));
                assertThat(ended).as("round %s", round).containsExactlyInAnyOrderElementsOf(alive);
                alive.clear();
            }
        }
    }

    private static List<String> page(Random random) {
        List<String> page = new ArrayList<>();
        int size = random.nextInt(200);
        for (int i = 0; i < size; i++) {
            if (random.nextInt(10) > 0) {
                page.add("m" + i);
            }
        }
        if (random.nextInt(4) == 0) {
            Collections.shuffle(page, random);
        }
        if (!page.isEmpty() && random.nextInt(4) == 0) {
            page.add(page.get(random.nextInt(page.size())));
        }
        return page;
    }

    private boolean touch(SeriesCache cache, String line) {
        byte[] text = ("#" + line + " 1").getBytes(StandardCharsets.UTF_8);
        int to = text.length - 2;
        int number = cache.find(text, 1, to);
        if (number == SeriesCache.NONE) {
            StoredSeries series = appender.series(Labels.of(Labels.METRIC_NAME, line));
            number = cache.add(text, 1, to, series, false);
        }
        assertThat(cache.series(number).labels().metricName()).isEqualTo(line);
        return cache.touch(number, true);
    }
}
