package io.emberwatch.benchmarks.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.rules.RulesConfig;
import io.emberwatch.rules.RulesService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Our rule engine with {@link RangeData}, in a process of its own so that its processor time can be told. */
public final class QueryServer {
    private QueryServer() {}

    /** @param arguments port, folder, the memory window, time of the first sample or nothing when the folder has them */
    public static void main(String[] arguments) throws IOException, ConfigException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path folder = Path.of(arguments[1]);
        RulesConfig config =
                ConfigReader.parse("bench.yml", "store: {memory_window: " + arguments[2] + "}\n", RulesConfig.class);
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        RulesService service = new RulesService(
                config, new ServiceContext(InstantSource.system(), scheduler, folder, folder), alerts -> {}, null);
        ServiceServer server = new ServiceServer(List.of(service));
        server.start(ListenAddress.parse("127.0.0.1:" + arguments[0]));
        if (!arguments[3].isEmpty()) {
            fill(service, Long.parseLong(arguments[3]));
        }
    }

    private static void fill(RulesService service, long start) {
        List<Labels> series = RangeData.series();
        for (int point = 0; point < RangeData.POINTS; point++) {
            List<Sample> samples = new ArrayList<>(series.size());
            for (int s = 0; s < series.size(); s++) {
                samples.add(new Sample(series.get(s), start + point * RangeData.STEP, RangeData.value(s, point)));
            }
            service.sampleSink().append(samples);
        }
    }
}
