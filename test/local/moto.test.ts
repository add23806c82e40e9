import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { startMoto } from "../../local/moto.ts";

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("the emulator answers AWS calls and leaves no process when it stops", async () => {
  const moto = await startMoto();
  const client = new DynamoDBClient({
    endpoint: moto.url,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: "trial",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    }),
  );
  expect(TableDescription?.TableStatus).toBe("ACTIVE");
  expect(alive(moto.pid)).toBe(true);
  await moto.stop();
  expect(alive(moto.pid)).toBe(false);
});

test("a port that is taken is said so", async () => {
  const moto = await startMoto();
  await expect(startMoto(Number(new URL(moto.url).port))).rejects.toThrow(/already|in use/i);
  await moto.stop();
});
