package io.emberwatch.push.planted;

/** Planted: a getter on a record. */
public record RecordWithGetter(int size) {
    public int getSize() {
        return size;
    }
}
