/** Whether something that anybody may have put there is what is expected. */
export type Check = (value: unknown) => boolean;

/** Text that has a canonical form: half a surrogate pair has none. */
export const isText: Check = (value) => typeof value === "string" && value.isWellFormed();
export const isTime: Check = (value) => isText(value) && !Number.isNaN(Date.parse(value as string));
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object with these members, and maybe others. */
export const having =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(members).every(([name, check]) => check((value as Record<string, unknown>)[name]));

/** An object of these members, and of no other: there is nowhere to put what nobody reads. */
export const only =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    having(members)(value) && Object.keys(value as object).every((name) => Object.hasOwn(members, name));
