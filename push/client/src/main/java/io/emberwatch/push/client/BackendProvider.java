package io.emberwatch.push.client;

import java.io.IOException;
import java.util.Set;

/** Opens backends of further schemes; found through {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** In lower case. */
    Set<String> schemes();

    /**
     * Opens a backend; it is then called from a thread of its own and may wait.
     *
     * @throws IllegalArgumentException when the address lacks something
     * @throws IOException when it cannot be opened
     */
    Backend open(BackendAddress address) throws IOException;
}
