package io.emberwatch.testkit.mattermost;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the stub answers. */
record Answer(int status, String type, String body) {
    static Answer error(int status, String id, String message) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("id", id);
        error.put("message", message);
        error.put("detailed_error", "");
        error.put("request_id", "stub");
        error.put("status_code", status);
        return json(status, error);
    }

    static Answer json(int status, Object body) {
        return new Answer(status, "application/json", Json.write(body));
    }
}
