import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeServer, listen } from "../../local/port.ts";

const run = promisify(execFile);
/** An escape sequence by one character (C1), text turned round, and a blank without width. */
const HOSTILE = "x\u009b2J\u202egpj\u200b";
const ESCAPED = "x\\u009b2J\\u202egpj\\u200b";

/** Everything that the command line asks: AWS and the approvers' API in one. */
let answer: (asked: string) => { readonly type: string; readonly body: string; readonly status?: number };
const server = createServer(async (request, response) => {
  const asked = new URLSearchParams(await text(request));
  const { type, body, status = 200 } = answer(asked.get("Action") ?? String(request.url));
  response.writeHead(status, { "content-type": type }).end(body);
});
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => closeServer(server));
beforeEach(() => {
  answer = () => ({ type: "text/plain", body: "not asked for", status: 500 });
});

async function countersign(...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    COUNTERSIGN_TOKEN: "t",
    COUNTERSIGN_URL: url,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "us-east-1",
  };
  try {
    return { code: 0, ...(await run(process.execPath, ["bin/cli.ts", ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const json = (value: unknown, status = 200) => ({ type: "application/json", body: JSON.stringify(value), status });

describe("what the command line prints", () => {
  test("of other people's texts steers no terminal, as JSON too", async () => {
    answer = () => json({ grants: [{ id: "g", tools: [HOSTILE] }] });
    const { stdout } = await countersign("grants", "--json");
    expect(stdout).toContain(ESCAPED);
    expect(JSON.parse(stdout)).toEqual([{ id: "g", tools: [HOSTILE] }]);
  });

  test("of an error neither", async () => {
    answer = () => json({ code: "forbidden", message: `no ${HOSTILE}` }, 403);
    expect(await countersign("grants")).toMatchObject({
      code: 1,
      stderr: "countersign: no x\\u{009b}2J\\u{202e}gpj\\u{200b}\n",
    });
  });

  test("quotes nothing that is not the API's", async () => {
    answer = () => ({ type: "text/html", body: "<h1>Bad gateway</h1>", status: 502 });
    expect(await countersign("grants")).toMatchObject({
      code: 1,
      stderr: "countersign: HTTP 502, and no JSON: is --url the gateway's?\n",
    });
  });
});

describe("approvers check", () => {
  const outputs = ["platform", "security"].map(
    (group) => `<member><OutputKey>ApproverTopic${group}</OutputKey><OutputValue>${group}</OutputValue></member>`,
  );
  const stacks = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>CountersignGateway</StackName><Outputs>${outputs.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const subscription = (arn: string, protocol: string, endpoint: string) =>
    `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>${protocol}</Protocol><Endpoint>${endpoint}</Endpoint></member>`;
  const subscriptions = [
    subscription("arn:aws:sns:us-east-1:1:t:1", "email", "ann@example.com"),
    subscription("arn:aws:sns:us-east-1:1:t:2", "email-json", "Ann@example.com"),
    subscription("PendingConfirmation", "email", "bob@example.com"),
  ];
  const listed = `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${subscriptions.join("")}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`;
  const attributes = `<GetSubscriptionAttributesResponse><GetSubscriptionAttributesResult><Attributes><entry><key>ConfirmationWasAuthenticated</key><value>false</value></entry></Attributes></GetSubscriptionAttributesResult></GetSubscriptionAttributesResponse>`;
  beforeEach(() => {
    const answers: Readonly<Record<string, string>> = {
      DescribeStacks: stacks,
      ListSubscriptionsByTopic: listed,
      GetSubscriptionAttributes: attributes,
    };
    answer = (asked) => ({ type: "text/xml", body: answers[asked] ?? "" });
  });

  test("counts an address once, and says whose subscription anyone can end", async () => {
    const { stdout } = await countersign("approvers", "check", "--json");
    const { groups, subscribers } = JSON.parse(stdout);
    expect(groups[0]).toMatchObject({ group: "platform", confirmed: 1 });
    expect(subscribers.slice(0, 3)).toMatchObject([
      { address: "ann@example.com", confirmed: true, endedByLink: true },
      { address: "Ann@example.com", confirmed: true, endedByLink: true },
      { address: "bob@example.com", confirmed: false, endedByLink: null },
    ]);
    const told = await countersign("approvers", "check");
    expect(told.stdout).toContain(
      'Whoever opens the link in a mail to ann@example.com ends its subscription to "platform"',
    );
  });
});
