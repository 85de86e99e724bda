package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.scrape.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningPartsTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void onlyWhatChangedIsClosedAndBegunAnew() throws Exception {
        RunningParts parts = new RunningParts(List.of(plan("a", "1"), plan("b", "1"), plan("c", "1")));
        parts.start();
        parts.change(List.of(plan("a", "1"), plan("b", "2"), plan("d", "1")));
        parts.close();

        assertThat(log)
                .containsExactly(
                        "start a1",
                        "start b1",
                        "start c1",
                        "close b1",
                        "close c1",
                        "start b2",
                        "start d1",
                        "reload a1",
                        "close a1",
                        "close b2",
                        "close d1");
    }

    @Test
    void whenOneCannotBeginAllIsAsBefore() throws Exception {
        RunningParts parts = new RunningParts(List.of(plan("a", "1"), plan("b", "1")));
        parts.start();
        assertThatThrownBy(() -> parts.change(List.of(plan("a", "1"), plan("b", "2"), plan("c", "bad"))))
                .isInstanceOf(IOException.class)
                .hasMessage("port taken");

        assertThat(log)
                .containsExactly("start a1", "start b1", "close b1", "start b2", "close b2", "close cbad", "start b1");
        assertThat(parts.all(part -> List.of(part.toString()))).containsExactly("a1", "b1");
    }

    @Test
    void aPartThatKeepsItsSectionReadsItsFilesAgain() throws Exception {
        RunningParts parts = new RunningParts(List.of(plan("a", "faulty file"), plan("b", "1")));
        assertThatThrownBy(() -> parts.change(List.of(plan("a", "faulty file"), plan("b", "2"))))
                .hasMessage("mapping.yml:3: no");
        assertThat(parts.all(part -> List.of(part.toString()))).containsExactly("afaulty file", "b2");
    }

    @Test
    void twoPartsMayNotHaveOneName() {
        assertThatThrownBy(() -> new RunningParts(List.of(plan("a", "1"), plan("a", "2"))))
                .hasMessage("a: two parts have this name");
    }

    private PartPlan plan(String name, String section) {
        return new PartPlan(name, section, () -> new Logged(name + section));
    }

    private final class Logged implements Part {
        private final String text;

        Logged(String text) {
            this.text = text;
        }

        @Override
        public void start() throws IOException {
            if (text.endsWith("bad")) {
                throw new IOException("port taken");
            }
            log.add("start " + text);
        }

        @Override
        public void reload() throws IOException {
            if (text.endsWith("file")) {
                throw new IOException("mapping.yml:3: no");
            }
            log.add("reload " + text);
        }

        @Override
        public void close() {
            log.add("close " + text);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
