import { describe, expect, test } from "vitest";
import { relaxed } from "../../../lambdas/domain/masking/conform/relaxed.ts";
import { Steps } from "../../../lambdas/domain/masking/conform/steps.ts";
import { conform, withRelaxedSchemas } from "../../../lambdas/domain/masking/index.ts";

const MASK = "[EMAIL_ADDRESS]";
const DULL = "masked@masked.invalid";
/** Four times as large may take four times as long, and what else a busy machine adds: less than nine times. */
const MOST = 9;
/** Milliseconds below which a clock says little: what all steps of a list take, twice. */
const SLACK = 150;

const email = { type: "string", format: "email" };
const many = <T>(length: number, make: (at: number) => T) => Array.from({ length }, (_, at) => make(at));
const byName = <T>(length: number, make: (at: number) => readonly [string, T]) =>
  Object.fromEntries(many(length, make)) as { readonly [name: string]: T };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

/** Definitions that refer to each other on more ways than can be followed. */
const tangled = (length: number) =>
  byName(length, (at) => {
    const next = (more: number) => ({ $ref: `#/$defs/d${(at + more) % length}` });
    return [`d${at}`, { anyOf: [next(1), object({ x: next(2), y: email })] }];
  });

const SCHEMAS: Readonly<Record<string, (length: number) => object>> = {
  "definitions that refer to each other": (length) => object({ a: { $ref: "#/$defs/d0" } }, { $defs: tangled(length) }),
  "references by anchor": (length) => ({
    ...object(byName(length, (at) => [`p${at}`, { $ref: `#a${at}` }])),
    $defs: byName(length, (at) => [`d${at}`, { $anchor: `a${at}`, ...email }]),
  }),
  "references by address": (length) => ({
    ...object(byName(length, (at) => [`p${at}`, { $ref: `https://a.invalid/${at}` }])),
    $defs: byName(length, (at) => [`d${at}`, { $id: `https://a.invalid/${at}`, ...email }]),
  }),
  "branches that share a member": (length) => ({
    anyOf: many(length, (at) => object({ shared: { anyOf: [email, { minLength: at }] }, [`own${at}`]: email })),
  }),
  "branches within branches": (length) =>
    many(length, () => email).reduce<object>((inner) => object({ a: { anyOf: [inner, inner] } }), email),
  "honest members": (length) => object(byName(length, (at) => [`p${at}`, email])),
};
const LENGTHS: Readonly<Record<string, number>> = { "branches within branches": 3 };

/** The time of a thread, so that what else runs does not count; the middle one of three. */
function timeOf(work: () => void): number {
  const times = many(3, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return times.toSorted((a, b) => a - b)[1] ?? 0;
}

/** An answer with a mask at each pointer below its content. */
function answerOf(content: object, pointers: readonly string[]) {
  const text = JSON.stringify({ result: { structuredContent: content } });
  const findings = pointers.map((pointer) => ({ pointer: `/result/structuredContent${pointer}` }));
  return { text, findings: findings as unknown as Parameters<typeof conform>[1] };
}

const ANSWERS: Readonly<
  Record<string, (length: number) => { schema: object; content: object; pointers: readonly string[] }>
> = {
  "patterns of names, each tried on each name": (length) => ({
    schema: { type: "object", patternProperties: byName(length, (at) => [`^x${at}_[a-z]+$`, email]) },
    content: byName(length, (at) => [`x${at}_mail`, MASK]),
    pointers: many(length, (at) => `/x${at}_mail`),
  }),
  "patterns of names that begin anywhere": (length) => ({
    schema: { type: "object", patternProperties: byName(length, (at) => [`a*a*b${at}`, email]) },
    content: byName(length, (at) => [`${"a".repeat(100)}${at}`, MASK]),
    pointers: many(length, (at) => `/${"a".repeat(100)}${at}`),
  }),
  "items of definitions that refer to each other": (length) => ({
    schema: { ...object({ a: { items: { $ref: "#/$defs/d0" } } }), $defs: tangled(length) },
    content: { a: many(length, () => ({ x: { y: MASK }, y: MASK })) },
    pointers: many(length, (at) => [`/a/${at}/x/y`, `/a/${at}/y`]).flat(),
  }),
  "long texts beside branches that count characters": (length) => ({
    schema: object({ a: { items: { anyOf: many(length, (at) => object({ t: { minLength: at }, y: email })) } } }),
    content: { a: many(length, () => ({ t: "t".repeat(length), y: MASK })) },
    pointers: many(length, (at) => `/a/${at}/y`),
  }),
  "a long masked text and many unions": (length) => ({
    schema: object({ a: { items: { allOf: many(length, (at) => ({ anyOf: [{ maxLength: at }, email] })) } } }),
    content: { a: many(length, (at) => `${at}${MASK.repeat(length)}`) },
    pointers: many(length, (at) => `/a/${at}`),
  }),
};

describe("output schemas that are four times as large are listed in not much more than four times the time", () => {
  test.each(Object.entries(SCHEMAS))("%s", (name, make) => {
    const size = LENGTHS[name] ?? 100;
    const [small, large] = [make(size), make(name in LENGTHS ? size + 2 : size * 4)];
    relaxed(small as never);
    const [before, after] = [small, large].map((schema) => timeOf(() => relaxed(schema as never))) as [number, number];
    expect(after, `${before} ms, then ${after} ms`).toBeLessThan(MOST * before + SLACK);
  });
});

describe("an answer and a schema that are both four times as large take not much more than four times the time", () => {
  test.each(Object.entries(ANSWERS))("%s", (_, make) => {
    const [before, after] = [100, 100, 400]
      .map((length) => {
        const { schema, content, pointers } = make(length);
        const { text, findings } = answerOf(content, pointers);
        return timeOf(() => conform(text, findings, schema as never));
      })
      .slice(1) as [number, number];
    expect(after, `${before} ms, then ${after} ms`).toBeLessThan(MOST * before + SLACK);
  });
});

test("a list of a hundred tangled schemas takes no more steps than one of them", () => {
  const tool = (at: number) => ({
    name: `t${at}`,
    outputSchema: SCHEMAS["definitions that refer to each other"]?.(30),
  });
  const [one, hundred] = [1, 100].map((length) => {
    const list = JSON.stringify({ result: { tools: many(length, tool) } });
    return timeOf(() => withRelaxedSchemas(list, JSON.parse(list)));
  }) as [number, number];
  expect(hundred, `${one} ms, then ${hundred} ms`).toBeLessThan(MOST * one + SLACK);
});

test("a schema whose steps are spent is listed so that masks fit everywhere", () => {
  const schema = object({ a: email });
  expect(relaxed(schema as never)).toBe(schema);
  expect(JSON.stringify(relaxed(schema as never, false, new Steps(1)))).toContain("anyOf");
});

test("honest answers are made to conform to the last leaf, however many there are", () => {
  const length = 5000;
  const schema = object({ a: { items: object({ mail: email, name: { type: "string" } }) } });
  const content = { a: many(length, (at) => ({ mail: MASK, name: `${at} ${MASK}` })) };
  const { text, findings } = answerOf(content, many(length, (at) => [`/a/${at}/mail`, `/a/${at}/name`]).flat());
  const { a } = JSON.parse(conform(text, findings, schema as never)).result.structuredContent;
  expect(a.at(-1)).toEqual({ mail: DULL, name: `${length - 1} ${MASK}` });
  expect(a.filter(({ mail }: { mail: string }) => mail !== DULL)).toEqual([]);
});
