import { readFileSync, writeFileSync } from "node:fs";
import { furnishDesk } from "../../../lambdas/approvals/desk.ts";
import { judgedFields } from "../../../lambdas/approvals/view.ts";
import { accessTable } from "../../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../../lambdas/aws/approvals-table.ts";
import { grantsTable } from "../../../lambdas/aws/grants-table.ts";
import { renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { ENV } from "../../../lambdas/environment.ts";
import type { Settings } from "../../../lib/config/settings.ts";
import type { Buffered, Streaming } from "../../../local/api/functions.ts";
import type { LocalGroups, LocalTimes } from "../../../local/local-config.ts";
import { legacy, type Sent } from "../../support/gateway.ts";
import { type CrashProxy, startCrashProxy } from "./crash-proxy.ts";
import { type Answer, buffered, eventFor, stream, type Told, withAccept } from "./invoke.ts";
import { atConsole, peopleOf } from "./people.ts";
import { startAccounting } from "./server.ts";

/** Tools that need an approval; `add_user` needs two people's. */
export const TOOLS = ["create_role", "grant_permission", "add_user"] as const;
export type Tool = (typeof TOOLS)[number];

const POLICIES = `
@id("a-user-needs-two") @approvers("security") @grant_minutes("60")
permit (principal in Group::"developers", action == Action::"callWithApproval", resource is Tool)
when { resource.name == "add_user" };
@id("oncall-needs-approval-too") @approvers("platform")
permit (principal in Group::"oncall", action == Action::"callWithApproval", resource);
`;

/** One environment of the gateway and one of the approvers' API, which reach AWS through a door of their own. */
export interface Life {
  readonly proxy: CrashProxy;
  /** Sends an MCP message. */
  send(as: Principal, sent: Sent, server?: string): Promise<Told>;
  /** A call of a tool by a client of the legacy era. */
  call(as: Principal, tool: Tool, args: object, server?: string): Promise<Told>;
  /** A request of the console. */
  ask(as: Principal, method: "GET" | "POST", resource: string, id?: string, body?: object): Promise<Answer>;
  decide(as: Principal, id: string, verdict: "approve" | "deny", more?: object): Promise<Answer>;
}

export interface WorldOptions {
  readonly times?: LocalTimes;
  readonly groups?: LocalGroups;
}

/** The local stack, with environments of the functions that can be made to die at any call of AWS. */
export async function openWorld({ times = {}, groups = {} }: WorldOptions = {}) {
  process.env.POWERTOOLS_LOG_LEVEL = "SILENT";
  const { startLocalStack } = await import("../../../local/stack.ts");
  const [iam, shaky] = await Promise.all([startAccounting("iam", TOOLS), startAccounting("shaky", [])]);
  const stack = await startLocalStack({
    moreServers: [iam.entry, shaky.entry],
    morePolicies: POLICIES,
    groups: { security: { quorum: 2 }, ...groups },
    times: { denialStandsFor: "1s", ...times },
  });
  const [{ createGateway }, { createApprovals }] = await Promise.all([
    import("../../../lambdas/gateway/gateway.ts"),
    import("../../../lambdas/approvals/approvals.ts"),
  ]);
  const aws = String(stack.place.environment.AWS_ENDPOINT_URL);
  const proxies: CrashProxy[] = [];
  const direct = stack.environmentOf("approvals");

  const approvals = approvalsTable(direct);
  const desk = furnishDesk(direct, "approvals");
  /** What the page of an approval would say that it showed, read past every door. */
  const renderedOf = async (id: string): Promise<string> => {
    const row = await approvals.get(id);
    return row === undefined ? "0".repeat(64) : renderedDigest(judgedFields(row, desk));
  };

  /** The same configuration, but nobody is held: who asks is answered at once. */
  const unheldFile = `${direct[ENV.settingsFile]}.unheld.json`;
  const settings = JSON.parse(readFileSync(String(direct[ENV.settingsFile]), "utf8")) as Settings;
  const limits = { ...settings.config.limits, maxHeld: 0 };
  writeFileSync(unheldFile, JSON.stringify({ ...settings, config: { ...settings.config, limits } }));

  const live = async ({ holds = false }: { readonly holds?: boolean } = {}): Promise<Life> => {
    const proxy = await startCrashProxy(aws);
    proxies.push(proxy);
    const through = (service: string) => ({
      ...stack.environmentOf(service),
      AWS_ENDPOINT_URL: proxy.url,
      AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
      ...(holds ? {} : { [ENV.settingsFile]: unheldFile }),
    });
    const gateway = createGateway(through("gateway")) as unknown as Streaming;
    const api = createApprovals(through("approvals")) as Buffered;
    const life: Life = {
      proxy,
      send: (as, sent, server = "iam") =>
        stream(
          gateway,
          eventFor({
            as,
            audience: stack.publicUrl,
            method: "POST",
            resource: `/mcp/${server}`,
            path: `/mcp/${server}`,
            headers: withAccept(sent),
            body: sent.body,
          }),
        ),
      call: (as, tool, args, server) => life.send(as, legacy("tools/call", { name: tool, arguments: args }), server),
      ask: (as, method, resource, id, body) =>
        buffered(
          api,
          eventFor({
            as: atConsole(as),
            audience: settings.config.console.audience,
            method,
            resource,
            path: resource.replace("{id}", encodeURIComponent(id ?? "")),
            ...(id === undefined ? {} : { id }),
            body,
          }),
        ),
      async decide(as, id, verdict, more = {}) {
        const said = { verdict, reason: "seen and judged", rendered: await renderedOf(id), ...more };
        return life.ask(as, "POST", "/approvals/{id}/decision", id, said);
      },
    };
    return life;
  };

  return {
    stack,
    aws,
    iam,
    shaky,
    people: peopleOf(stack.issuer),
    live,
    approvals,
    grants: grantsTable(direct),
    access: accessTable(direct),
    /** When, at the latest, a record of that call's intent was durable; undefined when there is none. */
    recordedAt: (name: string): number | undefined =>
      proxies
        .flatMap(({ answered }) => answered)
        .find(
          ({ operation, status, body }) =>
            operation === "PutItem" && status === 200 && body.includes("call.received") && body.includes(name),
        )?.at,
    async records(fits: (record: LedgerRecord) => boolean): Promise<LedgerRecord[]> {
      await stack.drain();
      const all = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
      return all.filter(fits).sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    async stop() {
      await stack.stop();
      await Promise.all([iam.stop(), shaky.stop(), ...proxies.map((proxy) => proxy.stop())]);
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The id in a pending answer. */
export function pendingIn({ text }: Told): string {
  const id = text.match(/PENDING APPROVAL (\S+)\./)?.[1];
  if (id === undefined) throw new Error(`no approval is pending: ${text}`);
  return id;
}
