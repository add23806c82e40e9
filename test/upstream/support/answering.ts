import type { Resolve } from "../../../lambdas/upstream/checked-lookup.ts";

/** A name server that gives one answer after another, the last for ever. */
export function answering(...answers: readonly (readonly string[])[]): Resolve & { asked: number } {
  const resolve: Resolve & { asked: number } = Object.assign(
    (_: string, __: { readonly all: true }, callback: Parameters<Resolve>[2]) => {
      const addresses = answers[Math.min(resolve.asked, answers.length - 1)] ?? [];
      resolve.asked += 1;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
    },
    { asked: 0 },
  );
  return resolve;
}
