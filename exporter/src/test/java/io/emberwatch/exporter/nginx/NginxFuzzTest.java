package io.emberwatch.exporter.nginx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.exporter.status.ValidPage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Whatever nginx answers, it is a page or a fault. */
class NginxFuzzTest {
    @FuzzTest
    void anyTextIsAPageOrAFault(byte[] data) {
        try {
            ValidPage.of(NginxTarget.parse(new String(data, StandardCharsets.UTF_8)));
        } catch (TargetFault documented) {
            // What garbage is.
        }
    }

    @Test
    void spoiltAnswersArePagesOrFaults() {
        Mutations.of(
                        "Active connections: 1 \nserver accepts handled requests\n 2 3 4 \nReading: 5 Writing: 6 Waiting: 7 \n",
                        5000)
                .forEach(this::anyTextIsAPageOrAFault);
    }
}
