package io.emberwatch.scorer.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.scorer.heatmap.Heatmap.Cell;
import io.emberwatch.scorer.heatmap.Heatmap.Column;
import io.emberwatch.scorer.heatmap.Heatmap.Slot;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeatmapPictureTest {
    private static final Instant NOW = Instant.parse("2025-10-27T09:30:00Z");
    private static final Instant FAULT = Instant.parse("2025-10-25T10:00:00Z");
    private static final Instant SILENT = Instant.parse("2025-10-25T20:00:00Z");

    // Three days around the end of summer time: a fault, a silence, an hour that is there twice, hours to come.
    private static Heatmap threeDays() throws Exception {
        return new HeatmapReader(new RecordedScores(at -> {
                            if (!at.isBefore(FAULT) && at.isBefore(FAULT.plusSeconds(3600))) {
                                return 2;
                            }
                            boolean silent = !at.isBefore(SILENT) && at.isBefore(SILENT.plusSeconds(7200));
                            return silent ? Double.NaN : at.toString().startsWith("2025-10-26T01") ? 6 : 10;
                        })
                        .leaderChanged("2025-10-25T10:20:00Z"))
                .read(HeatmapRequest.of("prod", 3, ZoneId.of("Europe/Berlin")), NOW);
    }

    private static HeatmapPicture picture(Theme theme) throws Exception {
        return new HeatmapPicture(threeDays(), Palette.RED_GREEN, theme);
    }

    private static String golden(String name, String actual) throws Exception {
        Path file = Path.of("src/test/resources/io/emberwatch/scorer/heatmap", name);
        if ("rewrite".equals(System.getProperty("emberwatch.docs"))) {
            Files.writeString(file, actual);
        }
        return Files.readString(file);
    }

    @Test
    void theDrawingIsTheOneOnFile() throws Exception {
        String svg = new String(picture(Theme.LIGHT).svg(), StandardCharsets.UTF_8);

        assertThat(svg).isEqualTo(golden("three-days.svg", svg));
    }

    @Test
    void theTextsAreThoseOnFile() throws Exception {
        HeatmapText text = new HeatmapText(threeDays());

        assertThat(text.csv()).isEqualTo(golden("three-days.csv", text.csv()));
        assertThat(text.markdown()).isEqualTo(golden("three-days.md", text.markdown()));
        assertThat(text.ansi(Palette.RED_GREEN).lines()).hasSize(25);
    }

    @Test
    void theDrawingIsWellFormedWhateverTheClusterIsCalled() throws Exception {
        String name = "<&\">]]>\u0000\u0007 \ud83d\ude00";
        Heatmap heatmap = new HeatmapReader(new RecordedScores(at -> 9, name))
                .read(HeatmapRequest.of(name, 2, ZoneId.of("UTC")), NOW);
        byte[] svg = new HeatmapPicture(heatmap, Palette.RED_GREEN, Theme.DARK).svg();

        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .startsWith("<&\">]]>");
    }

    private static BufferedImage image(HeatmapPicture picture) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
        assertThat(image.getWidth()).isEqualTo(780);
        assertThat(image.getHeight()).isEqualTo(828);
        return image;
    }

    // A pixel that is so far into the hour of a day, both counted from 0.
    private static Colour pixel(BufferedImage image, int day, int hour, double across) {
        double x = 28 + (day + across) * 354 / 3;
        double y = 28 + 13 * hour + 1;
        return Colour.of(image.getRGB((int) (2 * x), (int) (2 * y)) & 0xffffff);
    }

    @Test
    void thePixelsShowTheSame() throws Exception {
        BufferedImage image = image(picture(Theme.LIGHT));

        assertThat(pixel(image, 0, 12, 0.3)).isEqualTo(Palette.RED_GREEN.of(2));
        assertThat(pixel(image, 0, 11, 0.3)).isEqualTo(Palette.RED_GREEN.of(10));
        assertThat(pixel(image, 1, 2, 0.3)).as("the first of two").isEqualTo(Palette.RED_GREEN.of(10));
        assertThat(pixel(image, 1, 2, 0.7)).as("the second").isEqualTo(Palette.RED_GREEN.of(6));
        assertThat(pixel(image, 2, 12, 0.5)).as("to come").isEqualTo(Theme.LIGHT.ground());
        Set<Colour> hatched = new HashSet<>();
        for (double across = 0.3; across < 0.6; across += 0.005) {
            hatched.add(pixel(image, 0, 22, across));
        }
        assertThat(hatched).containsExactlyInAnyOrder(Theme.LIGHT.ground(), Theme.LIGHT.hatch());
    }

    @ParameterizedTest
    @EnumSource(Theme.class)
    void whatIsGoodAndWhatIsBadStandsOutFromTheGround(Theme theme) {
        assertThat(theme.ink().contrast(theme.ground())).isGreaterThan(7);
        assertThat(theme.hatch().contrast(theme.ground())).isGreaterThan(3);
        for (Palette palette : Palette.values()) {
            assertThat(palette.of(0).contrast(theme.ground()))
                    .as(palette + " 0")
                    .isGreaterThan(3);
            assertThat(palette.of(10).contrast(theme.ground()))
                    .as(palette + " 10")
                    .isGreaterThan(3);
        }
    }

    // Red and green fall together for who sees no difference between them; the amount of blue does not.
    @Test
    void theColourBlindPaletteDoesNotNeedRedAndGreenToBeToldApart() {
        Colour bad = Palette.COLOUR_BLIND.of(2);
        Colour good = Palette.COLOUR_BLIND.of(9.8);

        assertThat(good.blue() - bad.blue()).isGreaterThan(120);
        assertThat(Palette.COLOUR_BLIND.of(-1)).isEqualTo(Palette.COLOUR_BLIND.of(0));
        assertThat(Palette.COLOUR_BLIND.of(11)).isEqualTo(Palette.COLOUR_BLIND.of(10));
    }

    private static String shape(char sign) {
        StringBuilder shape = new StringBuilder();
        for (int dot = 0; dot < PixelFont.WIDTH * PixelFont.ROWS; dot++) {
            shape.append(PixelFont.isInked(sign, dot % PixelFont.WIDTH, dot / PixelFont.WIDTH) ? '#' : '.');
        }
        return shape.toString();
    }

    @Test
    void everySignOfTheFontIsAnother() {
        Set<String> shapes = new HashSet<>();
        for (char sign = ' '; sign <= '~'; sign++) {
            shapes.add(shape(sign));
        }

        assertThat(shapes).hasSize('~' - ' ' + 1);
        assertThat(shape(' ')).doesNotContain("#");
        assertThat(shape('x').substring(0, 2 * PixelFont.WIDTH))
                .as("above small letters")
                .doesNotContain("#");
        assertThat(shape('g').substring(PixelFont.HEIGHT * PixelFont.WIDTH))
                .as("below the line")
                .contains("#");
        assertThat(shape('A').substring(PixelFont.HEIGHT * PixelFont.WIDTH)).doesNotContain("#");
    }

    @Test
    void whatTheFontDoesNotHaveIsShownByWhatIsLikeItOrAsABox() {
        assertThat(PixelFont.shown("Zürich – préprod_1")).isEqualTo("Zurich - preprod_1");
        assertThat(PixelFont.shown("\u4e2d\ud83d\ude00")).isEqualTo("\u007f\u007f");
        assertThat(shape('\u007f')).startsWith("######...#");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 13})
    void whereThereIsRoomScoresStandInTheirCells(int days) throws Exception {
        assertThat(drawn("prod", days, Palette.COLOUR_BLIND)).contains(">9.4</text>");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 30})
    void whereThereIsNoneTheyDoNot(int days) throws Exception {
        assertThat(drawn("prod", days, Palette.COLOUR_BLIND)).doesNotContain(">9.4</text>");
    }

    // Letters of the picture are at most six tenths as wide as they are large.
    @ParameterizedTest
    @ValueSource(ints = {4, 22, 23, 40, 41, 200})
    void theTitleStaysInThePictureHoweverTheClusterIsCalled(int length) throws Exception {
        String svg = drawn("n".repeat(length - 1) + "g", 3, Palette.RED_GREEN);

        Matcher title = Pattern.compile("font-size=\"([\\d.]+)\"[^>]*>(n.*g, worst of each hour)</text>")
                .matcher(svg);
        assertThat(title.find()).isTrue();
        assertThat(28 + title.group(2).length() * 0.67 * Double.parseDouble(title.group(1)))
                .isLessThan(390);
    }

    private static String drawn(String cluster, int days, Palette palette) throws Exception {
        Heatmap heatmap = new HeatmapReader(new RecordedScores(at -> 9.4, cluster))
                .read(HeatmapRequest.of(cluster, days, ZoneId.of("Europe/Berlin")), NOW);
        return new String(new HeatmapPicture(heatmap, palette, Theme.DARK).svg(), StandardCharsets.UTF_8);
    }

    @Test
    void whatHappenedIsOneFieldOfTheTableWhateverItIsCalled() {
        Slot slot = new Slot(List.of(new Cell("Mon", 9, List.of("rollout of \"a\", b", "c"))), false);
        List<Slot> slots = Collections.nCopies(Heatmap.HOURS, slot);
        Heatmap heatmap = new Heatmap("t", ZoneId.of("UTC"), List.of(new Column("Mon", true, slots)));

        assertThat(new HeatmapText(heatmap).csv()).contains("\nMon,9.00,\"rollout of \"\"a\"\", b; c\"\n");
    }

    @ParameterizedTest
    @EnumSource(HeatmapRequest.Columns.class)
    void aQuarterOfAYearFitsTheSameWidth(HeatmapRequest.Columns columns) throws Exception {
        HeatmapRequest request = new HeatmapRequest(
                HeatmapRequest.DEFAULT_METRIC, "prod", 93, ZoneId.of("UTC"), columns, HeatmapRequest.Calculation.MIN);
        Heatmap heatmap = new HeatmapReader(new RecordedScores(at -> 9)).read(request, NOW);

        image(new HeatmapPicture(heatmap, Palette.COLOUR_BLIND, Theme.DARK));
    }
}
