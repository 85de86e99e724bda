package io.emberwatch.exporter.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.exporter.status.ValidPage;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever a program prints and in whatever form it is read, what is taken can be shown and the rest is told. */
class OutputFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void anyOutputIsTakenOrTold(byte[] output) {
        for (OutputFormat format : OutputFormat.values()) {
            for (int exitCode : new int[] {0, 2, 255}) {
                Readings readings = new Readings("app_", Labels.of("site", "a"));
                OutputReader.read(output.clone(), format, exitCode, Set.of("disk"), readings);
                for (MetricFamily family : readings.families()) {
                    assertThat(family.name()).startsWith("app_");
                    ValidPage.of(List.of(family));
                }
                assertThat(readings.faults()).hasSizeLessThanOrEqualTo(readings.faultCount());
            }
        }
    }

    @Test
    void spoiltOutputsToo() {
        for (String good : List.of(
                "# TYPE jobs_total counter\njobs_total{queue=\"a\"} 5\nh_bucket{le=\"+Inf\"} 1\nh_sum 2\nh_count 1\n",
                "temp=21.5 fan-speed=900\nuptime: 17\nload 0.25\nup true\n",
                "{\"a\": {\"b\": [1, 2.5, true, null, \"x\"]}, \"c-d\": 1e300, \"__name__\": 3}",
                "disk,reads,writes\nsda,1,2\n\"s,b\",3,NaN\n",
                "m,t=1 f=1,g=2i,h=3u,s=\"a\nb\" 17\nm f=t\n",
                "DISK OK - free | /=2643MB;5948;5958;0;5968 'a b'=3.5s;~:5;@1:2 load=12%\n| x=1c\n")) {
            for (byte[] output : Mutations.of(good, 300)) {
                anyOutputIsTakenOrTold(output);
            }
            anyOutputIsTakenOrTold(good.getBytes(UTF_8));
        }
    }
}
