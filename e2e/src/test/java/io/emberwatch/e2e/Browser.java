package io.emberwatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Debian's Chromium without a window. */
final class Browser implements AutoCloseable {
    private final ChromeDriver driver;

    Browser(Path folder) {
        String chromium = Peers.program("/usr/bin/chromium", "chromium");
        String chromedriver = Peers.program("/usr/bin/chromedriver", "chromium-driver");
        ChromeOptions options = new ChromeOptions()
                .setBinary(chromium)
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + folder.resolve("chromium"));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(chromedriver).toFile())
                .usingAnyFreePort()
                .withLogFile(folder.resolve("chromedriver.log").toFile())
                .build();
        driver = new ChromeDriver(service, options);
        driver.manage().window().setSize(new Dimension(1280, 1500));
    }

    void open(String url) {
        driver.get(url);
    }

    boolean has(String css) {
        return !driver.findElements(By.cssSelector(css)).isEmpty();
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    String text(String css) {
        return find(css).getText();
    }

    /** Presses a key of the keyboard wherever the focus is. */
    void press(CharSequence key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** Shows pages as whoever prefers dark ones sees them, or light ones. */
    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /**
     * What axe finds wrong with the page for people who use it otherwise than with eyes and mouse, a line each.
     *
     * @see <a href="https://github.com/dequelabs/axe-core">axe-core</a>
     */
    List<String> barriers() throws IOException {
        driver.executeScript(axe());
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(({ violations }) => done(violations.flatMap(
                  (one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`))));
                """);
        List<String> barriers = new ArrayList<>();
        if (found instanceof List<?> lines) {
            lines.forEach(line -> barriers.add(String.valueOf(line)));
        }
        return barriers;
    }

    private static String axe() throws IOException {
        String name = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream script = Browser.class.getResourceAsStream(name)) {
            if (script == null) {
                throw new IOException(name + " is not there");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a script makes of the page. */
    String evaluate(String script) {
        return String.valueOf(driver.executeScript(script));
    }

    /** What a script finds in the page, one text each. */
    List<String> list(String script) {
        return driver.executeScript(script) instanceof List<?> found
                ? found.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Keeps a picture of the page for people to look at. */
    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
