package io.emberwatch.exporter.host;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads the kernel's text files. They have no size, so they are read to their end. */
record ProcFiles(Path procfs, Path sysfs) {
    String proc(String path) throws IOException {
        return read(procfs.resolve(path));
    }

    List<String> procLines(String path) throws IOException {
        return proc(path).lines().toList();
    }

    String sys(String path) throws IOException {
        return read(sysfs.resolve(path));
    }

    private static String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException(file + " is not there");
        }
    }
}
