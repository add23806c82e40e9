import assert from "node:assert/strict";
import { archivedLines, recordOf } from "../../bin/archive.ts";
import { reveal } from "../../bin/commands/reveal.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { SECRETS } from "../executions.ts";
import type { DemoStep } from "../stage.ts";

export const evidence: DemoStep = {
  title:
    "Every step left its records; the masked vault holds no secret, the sealed one opens with a trace, neither can be deleted",
  async play(stage) {
    const { stack, say } = stage;
    await stack.drain();
    const { place } = stack;
    const lines = await archivedLines(place);
    const records = lines.map(recordOf);

    const ledger = await stack.ledgerLines();
    assert.deepEqual(new Set(lines), new Set(ledger), "the archive holds exactly the ledger's records");
    // Some steps called other tools directly, past the gateway, to compare; roles are created through it alone.
    for (const execution of stack.ops.executions.filter(({ tool }) => tool === "create_role")) {
      const role = String(execution.arguments.name);
      const received = records.find(
        (record) => record.type === "call.received" && record.request?.text?.includes(role),
      );
      assert.ok(
        received && Date.parse(received.recordedAt) <= execution.at,
        `call.received precedes the run for ${role}`,
      );
    }
    say(
      `${records.length} records, ${new Set(records.map((record) => record.type)).size} types, each in the ledger and the archive`,
    );

    const bodies = vault(place.environment, stack.vaults.masked);
    const objects = await Promise.all((await bodies.list("bodies/")).map((key) => bodies.get(key)));
    const texts = [...lines, ...objects].flatMap((line) => stringsIn(JSON.parse(line)));
    for (const secret of SECRETS)
      assert.ok(!texts.some((text) => text.includes(secret)), `no ${secret.slice(0, 4)}… in the masked vault`);

    const secretCall = records.find(
      (record) => record.type === "call.completed" && record.target === "read_config" && record.response?.sealedHash,
    );
    assert.ok(secretCall);
    const token = await stage.token("auditor", "console");
    const shown = await reveal(place, secretCall.id, "demo: what was in production's config", token);
    const shownAt = Date.now();
    assert.ok(
      SECRETS.some((secret) => shown.includes(secret)),
      "the original is shown",
    );
    await assert.rejects(
      () => stage.token("approver-one", "console").then((other) => reveal(place, secretCall.id, "curious", other)),
      /no policy permits/,
    );
    await stack.drain();
    const trace = (await archivedLines(place))
      .map(recordOf)
      .find((record) => record.type === "transcript.revealed" && record.revealed === secretCall.id);
    assert.equal(trace?.principal?.subject, "auditor");
    assert.ok(trace && Date.parse(trace.recordedAt) <= shownAt, "the record is older than what was shown");
    say(`auditor revealed ${secretCall.id}; recorded as ${trace?.id} before it was shown; approver-one was refused`);

    for (const bucket of [stack.vaults.masked, stack.vaults.sealed]) {
      const [key] = await vault(place.environment, bucket).list("transcripts/");
      assert.ok(key);
      await assert.rejects(() => stack.deleteVersion(bucket, key), /AccessDenied|Access Denied/);
    }
    say("deleting a version in either vault: AccessDenied (Object Lock)");
  },
};

/** Every text in a value, and in the JSON that a text holds, so that no escape can hide a secret. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") {
    try {
      const inner: unknown = JSON.parse(value);
      return typeof inner === "object" ? [value, ...stringsIn(inner)] : [value];
    } catch {
      return [value];
    }
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
