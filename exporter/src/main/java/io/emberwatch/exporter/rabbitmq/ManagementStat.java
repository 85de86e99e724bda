package io.emberwatch.exporter.rabbitmq;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.model.MetricType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One number of the management plugin and the metric that rabbitmq_exporter makes of it.
 *
 * @param path where it stands in the JSON, with dots; {@code x_len} is the length of the list {@code x}
 */
record ManagementStat(MetricType type, String name, String path, String help) {
    static final List<ManagementStat> OVERVIEW = List.of(
            gauge("rabbitmq_channels", "object_totals.channels", "Number of channels."),
            gauge("rabbitmq_connections", "object_totals.connections", "Number of connections."),
            gauge("rabbitmq_consumers", "object_totals.consumers", "Number of message consumers."),
            gauge("rabbitmq_queues", "object_totals.queues", "Number of queues in use."),
            gauge("rabbitmq_exchanges", "object_totals.exchanges", "Number of exchanges in use."),
            gauge(
                    "rabbitmq_queue_messages_global",
                    "queue_totals.messages",
                    "Number ready and unacknowledged messages in cluster."),
            gauge(
                    "rabbitmq_queue_messages_ready_global",
                    "queue_totals.messages_ready",
                    "Number of messages ready to be delivered to clients."),
            gauge(
                    "rabbitmq_queue_messages_unacknowledged_global",
                    "queue_totals.messages_unacknowledged",
                    "Number of messages delivered to clients but not yet acknowledged."),
            gauge(
                    "rabbitmq_messages_publish_rate",
                    "message_stats.publish_details.rate",
                    "Rate at which messages are entering the server."),
            gauge(
                    "rabbitmq_messages_deliver_no_ack_rate",
                    "message_stats.deliver_no_ack_details.rate",
                    "Rate at which messages are delivered to consumers that use automatic acknowledgements."),
            gauge(
                    "rabbitmq_messages_deliver_rate",
                    "message_stats.deliver_details.rate",
                    "Rate at which messages are delivered to consumers that use manual acknowledgements."));

    static final List<ManagementStat> NODE = List.of(
            gauge("rabbitmq_uptime", "uptime", "Uptime in milliseconds"),
            gauge("rabbitmq_running", "running", "number of running nodes"),
            gauge("rabbitmq_node_mem_used", "mem_used", "Memory used in bytes"),
            gauge("rabbitmq_node_mem_limit", "mem_limit", "Point at which the memory alarm will go off"),
            gauge("rabbitmq_node_mem_alarm", "mem_alarm", "Whether the memory alarm has gone off"),
            gauge("rabbitmq_node_disk_free", "disk_free", "Disk free space in bytes."),
            gauge("rabbitmq_node_disk_free_alarm", "disk_free_alarm", "Whether the disk alarm has gone off."),
            gauge("rabbitmq_node_disk_free_limit", "disk_free_limit", "Point at which the disk alarm will go off."),
            gauge("rabbitmq_fd_used", "fd_used", "Used File descriptors"),
            gauge("rabbitmq_fd_available", "fd_total", "File descriptors available"),
            gauge("rabbitmq_sockets_used", "sockets_used", "File descriptors used as sockets."),
            gauge("rabbitmq_sockets_available", "sockets_total", "File descriptors available for use as sockets"),
            gauge(
                    "rabbitmq_partitions",
                    "partitions_len",
                    "Current Number of network partitions. 0 is ok. If the cluster is splitted the value is at least 2"));

    static final List<ManagementStat> EXCHANGE = List.of(
            counter(
                    "rabbitmq_exchange_messages_published_total",
                    "message_stats.publish",
                    "Count of messages published."),
            counter(
                    "rabbitmq_exchange_messages_published_in_total",
                    "message_stats.publish_in",
                    "Count of messages published in to an exchange, i.e. not taking account of routing."),
            counter(
                    "rabbitmq_exchange_messages_published_out_total",
                    "message_stats.publish_out",
                    "Count of messages published out of an exchange, i.e. taking account of routing."),
            counter(
                    "rabbitmq_exchange_messages_confirmed_total",
                    "message_stats.confirm",
                    "Count of messages confirmed. "),
            counter(
                    "rabbitmq_exchange_messages_delivered_total",
                    "message_stats.deliver",
                    "Count of messages delivered in acknowledgement mode to consumers."),
            counter(
                    "rabbitmq_exchange_messages_delivered_noack_total",
                    "message_stats.deliver_no_ack",
                    "Count of messages delivered in no-acknowledgement mode to consumers. "),
            counter(
                    "rabbitmq_exchange_messages_get_total",
                    "message_stats.get",
                    "Count of messages delivered in acknowledgement mode in response to basic.get."),
            counter(
                    "rabbitmq_exchange_messages_get_noack_total",
                    "message_stats.get_no_ack",
                    "Count of messages delivered in no-acknowledgement mode in response to basic.get."),
            counter(
                    "rabbitmq_exchange_messages_ack_total",
                    "message_stats.ack",
                    "Count of messages delivered in acknowledgement mode in response to basic.get."),
            counter(
                    "rabbitmq_exchange_messages_redelivered_total",
                    "message_stats.redeliver",
                    "Count of subset of messages in deliver_get which had the redelivered flag set."),
            counter(
                    "rabbitmq_exchange_messages_returned_total",
                    "message_stats.return_unroutable",
                    "Count of messages returned to publisher as unroutable."));

    static final List<ManagementStat> QUEUE = List.of(
            gauge(
                    "rabbitmq_queue_messages_ready",
                    "messages_ready",
                    "Number of messages ready to be delivered to clients."),
            gauge(
                    "rabbitmq_queue_messages_unacknowledged",
                    "messages_unacknowledged",
                    "Number of messages delivered to clients but not yet acknowledged."),
            gauge("rabbitmq_queue_messages", "messages", "Sum of ready and unacknowledged messages (queue depth)."),
            gauge(
                    "rabbitmq_queue_messages_ready_ram",
                    "messages_ready_ram",
                    "Number of messages from messages_ready which are resident in ram."),
            gauge(
                    "rabbitmq_queue_messages_unacknowledged_ram",
                    "messages_unacknowledged_ram",
                    "Number of messages from messages_unacknowledged which are resident in ram."),
            gauge("rabbitmq_queue_messages_ram", "messages_ram", "Total number of messages which are resident in ram."),
            gauge(
                    "rabbitmq_queue_messages_persistent",
                    "messages_persistent",
                    "Total number of persistent messages in the queue (will always be 0 for transient queues)."),
            gauge(
                    "rabbitmq_queue_message_bytes",
                    "message_bytes",
                    "Sum of the size of all message bodies in the queue. This does not include the message properties (including headers) or any overhead."),
            gauge(
                    "rabbitmq_queue_message_bytes_ready",
                    "message_bytes_ready",
                    "Like message_bytes but counting only those messages ready to be delivered to clients."),
            gauge(
                    "rabbitmq_queue_message_bytes_unacknowledged",
                    "message_bytes_unacknowledged",
                    "Like message_bytes but counting only those messages delivered to clients but not yet acknowledged."),
            gauge(
                    "rabbitmq_queue_message_bytes_ram",
                    "message_bytes_ram",
                    "Like message_bytes but counting only those messages which are in RAM."),
            gauge(
                    "rabbitmq_queue_message_bytes_persistent",
                    "message_bytes_persistent",
                    "Like message_bytes but counting only those messages which are persistent."),
            gauge("rabbitmq_queue_consumers", "consumers", "Number of consumers."),
            gauge(
                    "rabbitmq_queue_consumer_utilisation",
                    "consumer_utilisation",
                    "Fraction of the time (between 0.0 and 1.0) that the queue is able to immediately deliver messages to consumers. This can be less than 1.0 if consumers are limited by network congestion or prefetch count."),
            gauge(
                    "rabbitmq_queue_memory",
                    "memory",
                    "Bytes of memory consumed by the Erlang process associated with the queue, including stack, heap and internal structures."),
            gauge(
                    "rabbitmq_queue_head_message_timestamp",
                    "head_message_timestamp",
                    "The timestamp property of the first message in the queue, if present. Timestamps of messages only appear when they are in the paged-in state."),
            gauge("rabbitmq_queue_gc_min_heap", "garbage_collection.min_heap_size", "Minimum heap size in words"),
            gauge(
                    "rabbitmq_queue_gc_min_vheap",
                    "garbage_collection.min_bin_vheap_size",
                    "Minimum binary virtual heap size in words"),
            gauge(
                    "rabbitmq_queue_gc_collections_before_fullsweep",
                    "garbage_collection.fullsweep_after",
                    "Maximum generational collections before fullsweep"),
            gauge("rabbitmq_queue_slaves_nodes_len", "slave_nodes_len", "Number of slave nodes attached to the queue"),
            gauge(
                    "rabbitmq_queue_synchronised_slave_nodes_len",
                    "synchronised_slave_nodes_len",
                    "Number of slave nodes in sync to the queue"),
            gauge(
                    "rabbitmq_queue_member_nodes_len",
                    "members_len",
                    "Number of quorum queue member nodes for the queue"),
            gauge("rabbitmq_queue_online_nodes_len", "online_len", "Number of online members nodes for the queue"),
            gauge(
                    "rabbitmq_queue_messages_publish_rate",
                    "message_stats.publish_details.rate",
                    "Rate at which messages are entering the server."),
            gauge(
                    "rabbitmq_queue_messages_deliver_no_ack_rate",
                    "message_stats.deliver_no_ack_details.rate",
                    "Rate at which messages are delivered to consumers that use automatic acknowledgements."),
            gauge(
                    "rabbitmq_queue_messages_deliver_rate",
                    "message_stats.deliver_details.rate",
                    "Rate at which messages are delivered to consumers that use manual acknowledgements."));

    static final List<ManagementStat> QUEUE_COUNTERS = List.of(
            counter(
                    "rabbitmq_queue_disk_reads_total",
                    "disk_reads",
                    "Total number of times messages have been read from disk by this queue since it started."),
            counter(
                    "rabbitmq_queue_disk_writes_total",
                    "disk_writes",
                    "Total number of times messages have been written to disk by this queue since it started."),
            counter("rabbitmq_queue_messages_published_total", "message_stats.publish", "Count of messages published."),
            counter(
                    "rabbitmq_queue_messages_confirmed_total",
                    "message_stats.confirm",
                    "Count of messages confirmed. "),
            counter(
                    "rabbitmq_queue_messages_delivered_total",
                    "message_stats.deliver",
                    "Count of messages delivered in acknowledgement mode to consumers."),
            counter(
                    "rabbitmq_queue_messages_delivered_noack_total",
                    "message_stats.deliver_no_ack",
                    "Count of messages delivered in no-acknowledgement mode to consumers. "),
            counter(
                    "rabbitmq_queue_messages_get_total",
                    "message_stats.get",
                    "Count of messages delivered in acknowledgement mode in response to basic.get."),
            counter(
                    "rabbitmq_queue_messages_get_noack_total",
                    "message_stats.get_no_ack",
                    "Count of messages delivered in no-acknowledgement mode in response to basic.get."),
            counter(
                    "rabbitmq_queue_messages_redelivered_total",
                    "message_stats.redeliver",
                    "Count of subset of messages in deliver_get which had the redelivered flag set."),
            counter(
                    "rabbitmq_queue_messages_returned_total",
                    "message_stats.return",
                    "Count of messages returned to publisher as unroutable."),
            counter(
                    "rabbitmq_queue_messages_ack_total",
                    "message_stats.ack",
                    "Count of messages delivered in acknowledgement mode in response to basic.get."),
            counter(
                    "rabbitmq_queue_reductions_total",
                    "reductions",
                    "Count of  reductions which take place on this process. ."),
            counter(
                    "rabbitmq_queue_gc_minor_collections_total",
                    "garbage_collection.minor_gcs",
                    "Number of minor GCs"));

    static final List<ManagementStat> CONNECTION = List.of(
            gauge("rabbitmq_connection_channels", "channels", "number of channels in use"),
            counter("rabbitmq_connection_received_bytes", "recv_oct", "received bytes"),
            counter("rabbitmq_connection_received_packets", "recv_cnt", "received packets"),
            counter("rabbitmq_connection_send_bytes", "send_oct", "send bytes"),
            counter("rabbitmq_connection_send_packets", "send_cnt", "send packets"),
            gauge("rabbitmq_connection_send_pending", "send_pend", "Send queue size"));

    private static ManagementStat gauge(String name, String path, String help) {
        return new ManagementStat(MetricType.GAUGE, name, path, help);
    }

    private static ManagementStat counter(String name, String path, String help) {
        return new ManagementStat(MetricType.COUNTER, name, path, help);
    }

    /** Its value in an answer, or null when that has none. */
    @Nullable
    Double valueIn(JsonNode answer) {
        JsonNode node = answer;
        for (String step : path.split("\\.", -1)) {
            JsonNode next = node.path(step);
            if (next.isMissingNode() && step.endsWith("_len")) {
                JsonNode list = node.path(step.substring(0, step.length() - "_len".length()));
                return list.isArray() ? (double) list.size() : null;
            }
            node = next;
        }
        if (node.isBoolean()) {
            return node.asBoolean() ? 1.0 : 0.0;
        }
        return node.isNumber() ? node.asDouble() : null;
    }
}
