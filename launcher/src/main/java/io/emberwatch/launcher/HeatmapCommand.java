package io.emberwatch.launcher;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.scorer.heatmap.Heatmap;
import io.emberwatch.scorer.heatmap.HeatmapPicture;
import io.emberwatch.scorer.heatmap.HeatmapReader;
import io.emberwatch.scorer.heatmap.HeatmapRequest;
import io.emberwatch.scorer.heatmap.HeatmapText;
import io.emberwatch.scorer.heatmap.Palette;
import io.emberwatch.scorer.heatmap.Theme;
import io.emberwatch.service.promapi.PrometheusClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "heatmap",
        description = "Draws the health of a cluster by hour and day, from recorded scores.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch heatmap --cluster prod --days 30 --out prod.svg",
            "  emberwatch heatmap --url http://prometheus:9090 --cluster prod --tz Europe/Berlin --out prod.png",
            "  emberwatch heatmap --cluster prod --days 7",
        })
final class HeatmapCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(names = "--cluster", paramLabel = "C", description = "which; may be left out when there is only one")
    private @Nullable String cluster;

    @Option(names = "--days", paramLabel = "N", description = "how many, today included; default ${DEFAULT-VALUE}")
    private int days = 30;

    @Option(
            names = "--out",
            paramLabel = "F",
            description = ".svg, .png, .csv or .md, by its ending; default coloured text on standard output")
    private @Nullable Path out;

    @Option(
            names = "--url",
            description = "the Prometheus-compatible API that holds the scores; default ${DEFAULT-VALUE}")
    private URI url = URI.create("http://127.0.0.1:9600");

    @Option(names = "--tz", paramLabel = "ZONE", description = "whose hours and days; default the machine's")
    private ZoneId zone = ZoneId.systemDefault();

    @Option(names = "--at", paramLabel = "T", description = "the newest moment shown; default now")
    private @Nullable Moment at;

    @Option(names = "--calc", description = "min, the worst of each hour, or mean; default min")
    private HeatmapRequest.Calculation calculation = HeatmapRequest.Calculation.MIN;

    @Option(names = "--by", description = "day, or weekday for the hours of the week; default day")
    private HeatmapRequest.Columns columns = HeatmapRequest.Columns.DAY;

    @Option(names = "--palette", description = "red_green or colour_blind; default red_green")
    private Palette palette = Palette.RED_GREEN;

    @Option(names = "--theme", description = "light or dark; default light")
    private Theme theme = Theme.LIGHT;

    @Option(names = "--metric", description = "the score that is shown; default ${DEFAULT-VALUE}")
    private String metric = HeatmapRequest.DEFAULT_METRIC;

    @Override
    public Integer call() throws IOException {
        HeatmapRequest request;
        try {
            request = new HeatmapRequest(metric, cluster, days, zone, columns, calculation);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        Path file = out;
        String form = file == null ? "" : ending(file);
        InstantSource clock = InstantSource.system();
        Heatmap heatmap;
        try {
            heatmap = new HeatmapReader(new PrometheusClient(url))
                    .read(request, at == null ? clock.instant() : at.at(clock.instant()));
        } catch (QueryException e) {
            spec.commandLine().getErr().println("emberwatch: " + e.getMessage());
            return Emberwatch.FAILED;
        }
        if (file == null) {
            spec.commandLine().getOut().print(new HeatmapText(heatmap).ansi(palette));
            spec.commandLine().getOut().flush();
        } else {
            Files.write(file, rendered(form, heatmap));
        }
        return Emberwatch.OK;
    }

    private String ending(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        if (!ending.matches("svg|png|csv|md")) {
            throw new ParameterException(spec.commandLine(), "--out " + file + ": expected .svg, .png, .csv or .md");
        }
        return ending;
    }

    private byte[] rendered(String form, Heatmap heatmap) {
        HeatmapPicture picture = new HeatmapPicture(heatmap, palette, theme);
        HeatmapText text = new HeatmapText(heatmap);
        return switch (form) {
            case "svg" -> picture.svg();
            case "png" -> picture.png();
            case "csv" -> text.csv().getBytes(StandardCharsets.UTF_8);
            default -> text.markdown().getBytes(StandardCharsets.UTF_8);
        };
    }
}
