package io.emberwatch.push.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineSamplesTest {
    private final LineSamples lines = new LineSamples();

    @Test
    void fieldsBecomeSamplesNamedByMeasurementAndField() {
        assertThat(read("cpu,host=a\\ b,cpu-no=1 user=1.5,ok=t,n=3i,state=\"x\" 1500000000\nload value=2u\nbad line\n"))
                .containsExactly(
                        new Sample(Labels.of("__name__", "cpu_user", "host", "a b", "cpu_no", "1"), 1500, 1.5),
                        new Sample(Labels.of("__name__", "cpu_ok", "host", "a b", "cpu_no", "1"), 1500, 1),
                        new Sample(Labels.of("__name__", "cpu_n", "host", "a b", "cpu_no", "1"), 1500, 3),
                        new Sample(Labels.of("__name__", "load"), 7, 2));
    }

    @Test
    void namesThatPrometheusKeepsForItselfAreTakenByNoTag() {
        assertThat(read("m,__name__=x,a:b=1 v=1 0\n"))
                .containsExactly(new Sample(Labels.of("__name__", "m_v", "tag__name__", "x", "a_b", "1"), 0, 1));
    }

    @Test
    void thePageShowsTheLatestOfEachSeriesAndForgetsWhatIsOld() {
        LatestResults latest = new LatestResults(2);
        latest.take(bytes("m,h=a v_avg=1 1000000000\n"));
        latest.take(bytes("m,h=a v_avg=2 2000000000\n"));
        latest.take(bytes("m,h=a v_avg=1.5 1500000000\n"));
        latest.take(bytes("m,h=b v_avg=3 1000000000\n"));
        assertThat(points(latest.families(0))).containsExactly("m_v_avg h=a 2.0", "m_v_avg h=b 3.0");
        latest.take(bytes("n v_avg=4 3000000000\n"));
        assertThat(points(latest.families(0))).containsExactly("m_v_avg h=b 3.0", "n_v_avg 4.0");
        assertThat(points(latest.families(1500))).containsExactly("n_v_avg 4.0");
    }

    private static List<String> points(List<MetricFamily> families) {
        List<String> points = new ArrayList<>();
        families.forEach(family -> family.points()
                .forEach(point ->
                        points.add((family.name() + " " + label(point.key().toStored()) + " " + point.value())
                                .replace("  ", " "))));
        return points;
    }

    private static String label(Labels labels) {
        String host = labels.get("h");
        return host.isEmpty() ? "" : "h=" + host;
    }

    private List<Sample> read(String text) {
        List<Sample> samples = new ArrayList<>();
        lines.read(bytes(text), 7, samples);
        return samples;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
