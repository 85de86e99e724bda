package io.emberwatch.exporter.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesSourceTest {
    @TempDir
    private Path proc;

    @BeforeEach
    void startTheMachine() throws IOException {
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1000000\n");
    }

    private void process(int pid, int parent, String comm, String cmdline, int ticks) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(String.valueOf(pid)));
        Files.createDirectories(folder.resolve("fd"));
        Files.writeString(folder.resolve("fd/0"), "");
        Files.writeString(folder.resolve("comm"), comm + "\n");
        Files.writeString(folder.resolve("cmdline"), cmdline.replace(' ', '\0') + "\0");
        Files.writeString(
                folder.resolve("stat"),
                "%d (%s) S %d 1 1 0 -1 0 10 0 3 0 %d 50 0 0 20 0 4 0 500 4096000 100 0"
                        .formatted(pid, comm, parent, ticks));
        Files.writeString(folder.resolve("status"), "VmSwap:\t8 kB\nvoluntary_ctxt_switches:\t5\n");
        Files.writeString(folder.resolve("io"), "read_bytes: 1000\nwrite_bytes: 20\n");
        Files.writeString(
                folder.resolve("limits"), "Limit  Soft\nMax open files            10                   20   files\n");
        Files.writeString(folder.resolve("wchan"), "do_wait");
    }

    private void end(int pid) throws IOException {
        try (Stream<Path> files = Files.walk(proc.resolve(String.valueOf(pid)))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private ProcessesSource source(String names) throws IOException, ConfigException {
        return new ProcessesSource(ConfigReader.parse(
                "processes.yml",
                "procfs: " + proc + "\nthreads: false\nprocess_names:\n" + names,
                ProcessesConfig.class));
    }

    private static String page(ProcessesSource source) throws IOException {
        return ExpositionWriter.toText(
                source.collect(Deadline.after(Duration.ofSeconds(30))), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void processesAreGroupedByTheFirstNameThatFits() throws Exception {
        process(10, 1, "nginx", "/usr/sbin/nginx -g daemon", 100);
        process(11, 10, "nginx-worker", "nginx: worker process", 100);
        process(12, 1, "java", "/usr/bin/java -jar /opt/shop.jar", 100);
        process(13, 1, "bash", "-bash", 100);
        String page = page(source("""
                - {comm: [nginx]}
                - {name: "{{.ExeBase}}-{{.Matches.App}}", exe: [/usr/bin/java], cmdline: ["-jar .*/(?P<App>\\\\w+)\\\\.jar"]}
                """));

        assertThat(page)
                .contains("namedprocess_namegroup_num_procs{groupname=\"nginx\"} 2\n")
                .contains("namedprocess_namegroup_num_procs{groupname=\"java-shop\"} 1\n")
                .contains("namedprocess_namegroup_memory_bytes{groupname=\"nginx\",memtype=\"resident\"} 819200\n")
                .contains("namedprocess_namegroup_memory_bytes{groupname=\"nginx\",memtype=\"swapped\"} 16384\n")
                .contains("namedprocess_namegroup_oldest_start_time_seconds{groupname=\"nginx\"} 1000005\n")
                .contains("namedprocess_namegroup_open_filedesc{groupname=\"nginx\"} 2\n")
                .contains("namedprocess_namegroup_worst_fd_ratio{groupname=\"nginx\"} 0.1\n")
                .contains("namedprocess_namegroup_num_threads{groupname=\"nginx\"} 8\n")
                .contains("namedprocess_namegroup_states{groupname=\"nginx\",state=\"Sleeping\"} 2\n")
                .contains("namedprocess_namegroup_threads_wchan{groupname=\"nginx\",wchan=\"do_wait\"} 2\n")
                .doesNotContain("bash");
    }

    @Test
    void countsNeverFallWhoeverDies() throws Exception {
        process(10, 1, "worker", "worker", 100);
        ProcessesSource source = source("- {comm: [worker]}\n");
        assertThat(page(source)).contains("cpu_seconds_total{groupname=\"worker\",mode=\"user\"} 0\n");

        process(10, 1, "worker", "worker", 300);
        process(11, 1, "worker", "worker", 50);
        assertThat(page(source)).contains("cpu_seconds_total{groupname=\"worker\",mode=\"user\"} 2.5\n");

        end(10);
        end(11);
        assertThat(page(source))
                .contains("cpu_seconds_total{groupname=\"worker\",mode=\"user\"} 2.5\n")
                .contains("num_procs{groupname=\"worker\"} 0\n");
    }

    @Test
    void garbageInFilesOfTheKernelCostsThatProcessOnly() throws Exception {
        process(10, 1, "good", "good", 100);
        process(11, 1, "bad", "bad", 100);
        Files.writeString(proc.resolve("11/stat"), "11 (ba");
        process(12, 1, "odd) R 1 (", "odd", 100);
        assertThat(page(source("- {name: '{{.Comm}}', cmdline: [.+]}\n")))
                .contains("num_procs{groupname=\"good\"} 1\n")
                .contains("num_procs{groupname=\"odd) R 1 (\"} 1\n")
                .doesNotContain("groupname=\"bad\"");
    }

    @Test
    void processExportersFileIsReadAsItIs() throws Exception {
        Path file = Files.writeString(proc.resolve("all.yaml"), """
                process_names:
                  - name: "{{.Comm}}"
                    cmdline:
                    - '.+'
                """);
        process(10, 1, "one", "one", 1);
        ProcessesSource source = new ProcessesSource(ConfigReader.parse(
                "p.yml", "{procfs: %s, config_file: %s}".formatted(proc, file), ProcessesConfig.class));
        assertThat(page(source)).contains("num_procs{groupname=\"one\"} 1\n");
        for (String bad : List.of("- {name: x}", "- {name: '{{.Nope}}', comm: [x]}", "- {cmdline: ['(']}")) {
            assertThatThrownBy(() -> source(bad + "\n")).as(bad).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void theProcessesOfThisMachineCanBeRead() throws Exception {
        ProcessesConfig config = ConfigReader.parse(
                "p.yml", "process_names: [{name: '{{.Comm}}', cmdline: [.+]}]", ProcessesConfig.class);
        assertThat(page(new ProcessesSource(config)))
                .contains("namedprocess_namegroup_thread_count{groupname=\"java\"")
                .contains("namedprocess_scrape_errors 0\n");
    }
}
