import { createServer, type IncomingHttpHeaders } from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, expect, test } from "vitest";
import { DynamoDbError, dynamoDbWire } from "../../lambdas/aws/dynamodb-wire.ts";
import { closeServer, listen } from "../../local/port.ts";

type Answer = readonly [status: number, body: string] | "cut" | "silent";
interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const servers: ReturnType<typeof createServer>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await closeServer(server);
});

/** A table service that answers what it is told, one after the other. */
async function answering(...answers: Answer[]) {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      taken.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      const answer = answers[taken.length - 1] ?? [200, "{}"];
      if (answer === "cut") request.socket.destroy();
      else if (answer !== "silent") response.writeHead(answer[0]).end(answer[1]);
    });
  });
  servers.push(server);
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${await listen(server)}`;
  const environment = {
    AWS_ENDPOINT_URL,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKID",
    AWS_SECRET_ACCESS_KEY: "s",
  };
  return { taken, send: dynamoDbWire(environment) };
}

const refusal = (type: string, more = {}): Answer => [
  400,
  JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "no", ...more }),
];
const attempt = async (send: ReturnType<typeof dynamoDbWire>) =>
  send("PutItem", { TableName: "t" }).catch((error: unknown) => error);

test("a request is signed for the table service of its region, and says which operation it is", async () => {
  const { taken, send } = await answering([200, JSON.stringify({ Attributes: { calls: { N: "2" } } })]);
  expect(await send("UpdateItem", { TableName: "t" })).toEqual({ calls: { N: "2" } });
  expect(taken).toMatchObject([
    {
      body: '{"TableName":"t"}',
      headers: {
        "x-amz-target": "DynamoDB_20120810.UpdateItem",
        "content-type": "application/x-amz-json-1.0",
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, SignedHeaders=\S*host;\S*x-amz-target, Signature=[0-9a-f]{64}$/,
        ),
      },
    },
  ]);
});

test("the signature is the one that the SDK's own hashes give, with the key of a day made or remembered", async () => {
  const { taken, send } = await answering();
  for (const TableName of ["one", "two", "ü€"]) await send("PutItem", { TableName });
  const { sha256 } = new DynamoDBClient({ region: "eu-west-1" }).config;
  const credentials = { accessKeyId: "AKID", secretAccessKey: "s" };
  const signer = new SignatureV4({ service: "dynamodb", region: "eu-west-1", credentials, sha256 });
  expect(taken).toHaveLength(3);
  for (const { headers, body } of taken) {
    const date = String(headers["x-amz-date"]);
    const signed =
      String(headers.authorization)
        .match(/SignedHeaders=([^,]+)/)?.[1]
        ?.split(";") ?? [];
    const again = await signer.sign(
      {
        method: "POST",
        protocol: "http:",
        hostname: "127.0.0.1",
        path: "/",
        headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
        body,
      },
      { signingDate: new Date(date.replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:")) },
    );
    expect(again.headers.authorization).toBe(headers.authorization);
  }
});

test.each<[string, Answer]>([
  ["a throttled table", refusal("ThrottlingException")],
  ["a fault of the service", [500, JSON.stringify({ __type: "InternalServerError" })]],
  ["a fault that is no JSON", [503, "<html>"]],
  ["half an answer", [200, '{"Attributes":']],
  ["a connection that is cut", "cut"],
])("%s is asked a second time with the same body", async (_, fault) => {
  const { taken, send } = await answering(fault);
  expect(await attempt(send)).toBeUndefined();
  expect(taken.map(({ body }) => body)).toEqual(['{"TableName":"t"}', '{"TableName":"t"}']);
});

test("a silent service is given up in time, twice", async () => {
  const { taken, send } = await answering("silent", "silent");
  expect(await attempt(send)).toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" });
  expect(taken).toHaveLength(2);
}, 15_000);

test("what stays broken is an error under the service's own name", async () => {
  const { taken, send } = await answering(refusal("ThrottlingException"), refusal("ThrottlingException"));
  expect(await attempt(send)).toMatchObject({ name: "ThrottlingException" });
  expect(taken).toHaveLength(2);
});

test("a refusal is not asked again, and gives the item that the condition met", async () => {
  const { taken, send } = await answering(
    refusal("ConditionalCheckFailedException", { Item: { hash: { S: "h" } } }),
    refusal("ValidationException"),
  );
  const error = await attempt(send);
  expect(error).toBeInstanceOf(DynamoDbError);
  expect(error).toMatchObject({ name: "ConditionalCheckFailedException", item: { hash: { S: "h" } } });
  expect(await attempt(send)).toMatchObject({ name: "ValidationException", item: undefined });
  expect(taken).toHaveLength(2);
});
