package io.emberwatch.bridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChannelQueueTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private final ChannelQueue queue = new ChannelQueue(
            new Channel() {
                @Override
                public String name() {
                    return "chat";
                }

                @Override
                public Outcome deliver(Message message) {
                    return Outcome.Delivered.of("200");
                }

                @Override
                public String preview(Message message) {
                    return "";
                }
            },
            1);

    @Test
    void whatWasTriedGoesBeforeWhatWaitsOnceItsTimeHasCome() {
        for (long lane = 1; lane <= 4; lane++) {
            queue.add(lane, START);
        }
        assertThat(queue.next(START)).isEqualTo(1);
        Instant again = START.plusSeconds(5);
        queue.release(1, again, START);
        assertThat(queue.wakeAt()).isEqualTo(START);
        assertThat(queue.next(START)).isEqualTo(2);
        queue.release(2, null, START);
        assertThat(queue.next(again))
                .as("not behind those that wait for longer")
                .isEqualTo(1);
        queue.release(1, null, again);
        assertThat(queue.next(again)).isEqualTo(3);
        queue.release(3, again.plusSeconds(1), again);
        assertThat(queue.next(again)).isEqualTo(4);
        queue.release(4, null, again);
        assertThat(queue.next(again)).isNull();
        assertThat(queue.wakeAt()).isEqualTo(again.plusSeconds(1));
    }
}
