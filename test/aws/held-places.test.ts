import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type HeldPlaces, heldPlaces } from "../../lambdas/aws/held-places.ts";
import { type LocalAws, localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { makeTables } from "../support/tables.ts";

let moto: Moto;
let aws: LocalAws;
let owner = "";
let places: HeldPlaces;

const placesOf = (AWS_LAMBDA_FUNCTION_NAME: string) =>
  heldPlaces({
    ACCESS_TABLE: "access",
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: "us-east-1",
    POWERTOOLS_SERVICE_NAME: "gateway",
    AWS_LAMBDA_FUNCTION_NAME,
  });

beforeAll(async () => {
  moto = await startMoto();
  aws = localAws(moto.url);
  await makeTables(aws);
}, 60_000);
afterAll(() => moto?.stop());
let number = 0;
beforeEach(() => {
  number += 1;
  owner = `gateway-${number}`;
  places = placesOf(owner);
});

const NOW = 1_000_000;
const LATER = NOW + 60_000;

/** The count in the row, and how many places it names. */
async function row(): Promise<readonly [number, number]> {
  const Key = { pk: { S: `held#${owner}` }, sk: { S: "places" } };
  const { Item = {} } = await aws.dynamoDb.send(new GetItemCommand({ TableName: "access", Key, ConsistentRead: true }));
  return [Number(Item.held?.N ?? 0), Object.keys(Item).filter((name) => name.startsWith("until:")).length];
}

describe("the places of a function", () => {
  test("are taken once each, however many ask at once", async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, (_, at) => places.enter(`call-${at}`, LATER, 5, NOW)));
    expect(asked.filter(Boolean)).toHaveLength(5);
    expect(await row()).toEqual([5, 5]);
  });

  test("are free again when they are left, and left once by who leaves twice", async () => {
    expect(await places.enter("a", LATER, 2, NOW)).toBe(true);
    expect(await places.enter("b", LATER, 2, NOW)).toBe(true);
    expect(await places.enter("c", LATER, 2, NOW)).toBe(false);
    await places.leave("a");
    await places.leave("a");
    expect(await row()).toEqual([1, 1]);
    expect(await places.enter("c", LATER, 2, NOW)).toBe(true);
    expect(await places.enter("d", LATER, 2, NOW)).toBe(false);
  });

  test("are one for a request that is sent twice because its answer was lost", async () => {
    expect(await places.enter("a", LATER, 2, NOW)).toBe(true);
    expect(await places.enter("a", LATER, 2, NOW)).toBe(true);
    expect(await row()).toEqual([1, 1]);
  });

  test("of callers that died are taken by others when their time is over, and no sooner", async () => {
    for (const name of ["a", "b", "c"]) expect(await places.enter(name, LATER, 3, NOW)).toBe(true);
    expect(await places.enter("d", LATER + 9, 3, LATER - 1)).toBe(false);
    expect(await places.enter("d", LATER + 9, 3, LATER)).toBe(true);
    expect(await row()).toEqual([1, 1]);
    // Whoever was only slow leaves no place of somebody else.
    await places.leave("b");
    expect(await row()).toEqual([1, 1]);
  });

  test("of the dead are cleared by many at once, and the count still holds", async () => {
    for (let at = 0; at < 8; at += 1) await places.enter(`dead-${at}`, NOW, 8, NOW - 1);
    const asked = await Promise.all(Array.from({ length: 12 }, (_, at) => places.enter(`live-${at}`, LATER, 8, NOW)));
    expect(asked.filter(Boolean).length).toBeGreaterThan(0);
    const [held, named] = await row();
    expect(held).toBe(named);
    expect(held).toBe(asked.filter(Boolean).length);
    expect(held).toBeLessThanOrEqual(8);
  });

  test("are not those of another function", async () => {
    expect(await places.enter("a", LATER, 1, NOW)).toBe(true);
    expect(await placesOf(`${owner}-public`).enter("b", LATER, 1, NOW)).toBe(true);
  });
});
