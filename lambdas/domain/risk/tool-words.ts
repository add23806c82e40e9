/**
 * The words of a name, in each way that it can be split: names say nothing of where `createIAMRole2` or `GCloudRun` is cut.
 * The first is the usual one.
 */
export function wordingsOf(name: string): readonly [readonly string[], ...(readonly string[])[]] {
  const plain = name.normalize("NFKC").replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  // `IAMRole` is `IAM`, `Role`; but `DBs` is one word.
  const cut = plain.replace(/(?<=[A-Z])(?=[A-Z](?!s(?![a-z]))[a-z])/g, "_");
  const usual = partsOf(cut);
  // `create_role_v2` and `role2`: what counts a version is no word.
  const others = [
    ...(cut === plain ? [] : [partsOf(plain)]),
    ...(/\d/.test(cut) ? [partsOf(cut.replace(/(?<![A-Za-z])v\d+|\d+/gi, "_"))] : []),
  ];
  return [usual, ...others];
}

/** `createRole`, `CreateRole`, `create-role` and `iam/create.role` have the same words: `create`, `role`. */
export const wordsOf = (name: string): readonly string[] => wordingsOf(name)[0];

function partsOf(name: string): readonly string[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  return words.length > 0 ? words : [""];
}
