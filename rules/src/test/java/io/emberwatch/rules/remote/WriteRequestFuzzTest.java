package io.emberwatch.rules.remote;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.model.MetricType;

/** Any bytes are a request or are refused with {@link MalformedRequestException}. */
final class WriteRequestFuzzTest {
    private static final RequestHandler READING = new RequestHandler() {
        @Override
        public void series(IncomingSeries series) {
            series.labels();
        }

        @Override
        public void metadata(String family, MetricType type, String help, String unit) {}
    };

    @FuzzTest(maxDuration = "20s")
    void readsOrRefusesAnyBytes(byte[] bytes) {
        try {
            WriteRequestReader.read(bytes, bytes.length, READING);
        } catch (MalformedRequestException refused) {
            // said what is wrong
        }
        try {
            RequestV2Reader.read(bytes, bytes.length, READING);
        } catch (MalformedRequestException refused) {
            // said what is wrong
        }
        try {
            if (bytes.length < 4_096 && SnappyBlock.length(bytes) < 1 << 20) {
                SnappyBlock.decompress(bytes);
            }
        } catch (MalformedRequestException refused) {
            // said what is wrong
        }
    }
}
