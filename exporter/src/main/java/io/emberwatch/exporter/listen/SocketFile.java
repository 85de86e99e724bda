package io.emberwatch.exporter.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a socket. It is bound under another name and gets its name once its owner and mode are right, so that nobody
 * finds it before.
 */
final class SocketFile {
    private static final Logger logger = LoggerFactory.getLogger("exporter.listen");
    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET = 0140000;
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int EXECUTE = 1;

    private final Path path;
    private final Path unfinished;
    private final ListenerConfig config;

    SocketFile(Path path, ListenerConfig config) {
        this.path = path;
        this.unfinished = path.resolveSibling(path.getFileName() + ".new");
        this.config = config;
    }

    /** Where to bind. Removes what an earlier run has left there. */
    Path bindPath() throws IOException {
        Files.deleteIfExists(unfinished);
        return unfinished;
    }

    /**
     * Gives the bound socket its owner, mode and name, in the place of the socket of an earlier run.
     *
     * @throws IOException when something else than a socket has the name, or the owner or mode cannot be had
     */
    void publish() throws IOException {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isSocket(path)) {
                throw new IOException(path + ": is there and is not a socket; remove it or choose another path");
            }
            PosixFileAttributeView view = Files.getFileAttributeView(unfinished, PosixFileAttributeView.class);
            UserPrincipalLookupService names = unfinished.getFileSystem().getUserPrincipalLookupService();
            if (config.group() != null) {
                view.setGroup(names.lookupPrincipalByGroupName(config.group()));
            }
            if (config.owner() != null) {
                view.setOwner(names.lookupPrincipalByName(config.owner()));
            }
            view.setPermissions(permissions(config.mode()));
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    private static boolean isSocket(Path file) throws IOException {
        return ((int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE_MASK) == SOCKET;
    }

    /** What identifies the published file, to be told from a later one of the same name. */
    Object identity() throws IOException {
        Object key = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? path : key;
    }

    /** Removes the file unless another program has put its own there meanwhile. */
    void remove(Object identity) {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity.equals(identity())) {
                Files.delete(path);
            }
        } catch (IOException e) {
            logger.debug("could not remove {}: {}", path, e.getMessage());
        }
    }

    static Set<PosixFilePermission> permissions(String octal) {
        StringBuilder text = new StringBuilder();
        for (char digit : octal.substring(octal.length() - 3).toCharArray()) {
            int bits = digit - '0';
            text.append((bits & READ) != 0 ? 'r' : '-');
            text.append((bits & WRITE) != 0 ? 'w' : '-');
            text.append((bits & EXECUTE) != 0 ? 'x' : '-');
        }
        return PosixFilePermissions.fromString(text.toString());
    }
}
