package io.emberwatch.exporter.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.time.Scheduler;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SimulatedSensorTest {
    @Test
    void anHourOfLinesIsWhatTheVisualizerDescribes() {
        SimulatedSensor sensor = new SimulatedSensor(new Random(1));
        List<Double> loads = new ArrayList<>();
        int defects = 0;
        for (int tick = 1; tick <= 3600; tick++) {
            String line = sensor.nextLine();
            if (line.equals("0 0 0")) {
                defects++;
                continue;
            }
            String[] words = line.split(" ", -1);
            loads.add(Double.parseDouble(words[0]));
            assertThat(Long.parseLong(words[1])).isBetween(4_000_000L, 8_000_000L);
            assertThat(Long.parseLong(words[2])).isEqualTo(tick);
        }
        assertThat(defects).isBetween(10, 80);
        assertThat(loads).allMatch(load -> load >= 5 && load < 16);
        assertThat(loads.stream().filter(load -> load > 10).count()).isBetween(10L, 80L);
        assertThat(loads.stream().mapToDouble(load -> load).average().orElse(0)).isBetween(7.0, 8.0);
    }

    @Test
    void printsALineASecondUntilNobodyReads() throws InterruptedException {
        ManualScheduler scheduler = new ManualScheduler(ManualClock.atEpoch());
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        OutputStream pipe = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (read.toString(StandardCharsets.UTF_8).lines().count() >= 3) {
                    throw new IOException("Broken pipe");
                }
                read.write(b);
            }
        };
        Thread sensor = new Thread(() -> {
            try {
                SimulatedSensor.run(
                        new PrintStream(pipe, true, StandardCharsets.UTF_8), new Random(1), new Impatient(scheduler));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sensor.start();
        sensor.join(10_000);

        assertThat(sensor.isAlive()).isFalse();
        assertThat(read.toString(StandardCharsets.UTF_8).lines()).hasSizeGreaterThanOrEqualTo(2);
    }

    /** Lets a minute pass as soon as something is planned. */
    private record Impatient(ManualScheduler scheduler) implements Scheduler {
        @Override
        public Task every(String name, Duration period, Duration offset, Consumer<Instant> tick) {
            Task task = scheduler.every(name, period, offset, tick);
            scheduler.advance(Duration.ofMinutes(1));
            return task;
        }

        @Override
        public Task once(String name, Duration delay, Runnable action) {
            return scheduler.once(name, delay, action);
        }
    }
}
