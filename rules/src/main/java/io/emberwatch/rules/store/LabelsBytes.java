package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Labels as the database keeps them: names and values in turn, as {@link DataOutputStream#writeUTF} writes them. */
final class LabelsBytes {
    private LabelsBytes() {}

    static byte[] encode(Labels labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (int i = 0; i < labels.size(); i++) {
                out.writeUTF(labels.name(i));
                out.writeUTF(labels.value(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when the bytes are damaged */
    static Labels decode(byte[] bytes) throws IOException {
        Labels.Builder labels = Labels.builder();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                labels.set(in.readUTF(), in.readUTF());
            }
        }
        return labels.build();
    }
}
