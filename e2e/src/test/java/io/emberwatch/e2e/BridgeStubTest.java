package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mattermost's own client against the stub that stands for Mattermost in these tests: what the client asks for and what it
 * makes of the answers is not of our making. Needs npm, and its registry once.
 */
final class BridgeStubTest {
    private static final String CLIENT = "@mattermost/client@11.9.0";
    private static final Path INSTALLED = Path.of("target/mattermost-client").toAbsolutePath();
    private static final String SCRIPT = """
            const { Client4 } = require("@mattermost/client");
            const assert = require("node:assert");
            const [url, channel] = process.argv.slice(2);
            const client = new Client4();
            client.setUrl(url);
            (async () => {
              client.setToken("wrong");
              await assert.rejects(client.getMe(), (e) => e.status_code === 401);
              client.setToken("s3cret");
              const me = await client.getMe();
              assert.equal(me.id.length, 26);
              const attachments = [{ title: "one", color: "#a30200", actions: [
                { id: "ack", name: "Ack", integration: { url: "http://127.0.0.1:1/", context: { secret: "x" } } }] }];
              const post = await client.createPost({
                channel_id: channel, message: "", pending_post_id: me.id + ":1", props: { em_incident: "i", attachments } });
              const again = await client.createPost({
                channel_id: channel, message: "", pending_post_id: me.id + ":1", props: { em_incident: "i", attachments } });
              assert.equal(again.id, post.id, "the same pending post is the same post");
              assert.equal(post.props.attachments[0].actions[0].integration, undefined, "clients do not see integrations");
              const changed = await client.patchPost({ id: post.id, message: "", props: { attachments: [{ title: "two", color: "#2eb886" }] } });
              assert.equal(changed.props.attachments[0].title, "two");
              assert.ok(changed.edit_at > 0);
              const reply = await client.createPost({ channel_id: channel, root_id: post.id, message: "more" });
              const thread = await client.getPostThread(post.id, false);
              assert.deepEqual(Object.keys(thread.posts).sort(), [post.id, reply.id].sort());
              const page = await client.getPosts(channel, 0, 60, false);
              assert.equal(page.order[0], reply.id, "the newest is first");
              await assert.rejects(
                client.createPost({ channel_id: channel, root_id: reply.id, message: "no reply to a reply" }), (e) => e.status_code === 400);
              await assert.rejects(client.createPost({ channel_id: "x".repeat(26), message: "m" }), (e) => e.status_code === 403);
              await assert.rejects(client.createPost({ channel_id: channel, message: "m".repeat(16384) }), (e) => e.status_code === 400);
              await assert.rejects(client.createPost({ channel_id: channel, message: "", props: { big: "x".repeat(300001) } }), (e) => e.status_code === 413);
              await client.deletePost(reply.id);
              await assert.rejects(client.getPost(reply.id), (e) => e.status_code === 404);
              console.log("the client and the stub agree");
            })().catch((e) => { console.error(e); process.exit(1); });
            """;

    @TempDir
    private Path folder;

    @Test
    void theOfficialClientAndTheStubAgree() throws Exception {
        NpmPackage.install(CLIENT, INSTALLED, folder);
        Path script = Files.writeString(INSTALLED.resolve("check.js"), SCRIPT);
        try (MattermostStub stub = MattermostStub.start().bot("s3cret")) {
            ServerProcess node = ServerProcess.start(
                    "node",
                    folder,
                    Map.of("NODE_PATH", INSTALLED.resolve("node_modules").toString()),
                    List.of("/usr/bin/node", script.toString(), stub.server(), stub.channel("alerts")));
            assertThat(node.waitFor(60)).as(node.output()).isZero();
            assertThat(node.output()).contains("the client and the stub agree");
        }
    }
}
