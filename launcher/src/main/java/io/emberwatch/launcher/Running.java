package io.emberwatch.launcher;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a started server running until SIGTERM or SIGINT; SIGHUP reloads it. */
final class Running {
    private static final Logger logger = LoggerFactory.getLogger("emberwatch");
    private static final int GRACE_SECONDS = 15;

    private Running() {}

    /** Brings a server up. */
    interface Start {
        void run() throws IOException, ConfigException;
    }

    /**
     * Starts the server and blocks until the process is told to end, then stops the server and the scheduler, in this
     * order. A SIGHUP that comes while the server is starting reloads it afterwards.
     */
    static void untilStopped(ServiceServer server, ThreadScheduler scheduler, Start start)
            throws IOException, ConfigException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            asked.countDown();
            try {
                if (!stopped.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    logger.warn("not everything stopped within {} s", GRACE_SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        onHangUp(() -> {
            try {
                started.await();
                server.reload();
                logger.info("reloaded");
            } catch (HttpError e) {
                logger.error("reload failed: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            start.run();
            started.countDown();
            try {
                asked.await();
                logger.info("stopping");
            } finally {
                server.close();
                scheduler.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    // sun.misc.Signal is the JDK's only way to a signal; by reflection, because naming it is a compiler warning.
    private static void onHangUp(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object reload = Proxy.newProxyInstance(
                    Running.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), reload);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            logger.info("SIGHUP is not available here; POST /-/reload does the same");
        }
    }
}
