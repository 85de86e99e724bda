package io.emberwatch.exporter.host;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the kernel's files are. */
record HostPaths(Path procfs, Path sysfs, Path rootfs, Path udevData) {
    static HostPaths of(HostConfig config) {
        return new HostPaths(config.procfs(), config.sysfs(), config.rootfs(), config.udevData());
    }

    KernelFile proc(String path) {
        return new KernelFile(procfs.resolve(path));
    }

    /**
     * A file of /proc that is different for every process, as the first process sees it.
     *
     * <p>In a container {@code /host/proc/net} and {@code /host/proc/mounts} lead to the container's own; the first process
     * is the machine's. Where its files may not be read, our own are taken.
     */
    KernelFile ofFirstProcess(String path) {
        Path first = procfs.resolve("1").resolve(path);
        return new KernelFile(
                Files.isReadable(first) ? first : procfs.resolve("self").resolve(path));
    }

    Path sys(String path) {
        return sysfs.resolve(path);
    }
}
