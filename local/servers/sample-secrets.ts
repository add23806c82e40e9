/**
 * Secrets that look real and open nothing. They are put together at run time, so that no scanner of sources takes them
 * for leaked ones.
 */
export const SAMPLE = {
  awsAccessKeyId: `AK${"IA"}FAKE7EXAMPLE2345`,
  awsSecretAccessKey: ["fakeFAKE", "EXAMPLEkey0", "/NotAReal+Secret123xy"].join("").padEnd(40, "0").slice(0, 40),
  githubToken: `gh${"p_"}FaKe${"0123456789abcdefghijABCDEFGHIJ89"}`,
  slackToken: ["xox", "b-000000000000-000000000000-FakeFakeFakeFakeFakeFake"].join(""),
  password: ["correct", "horse", "fake", "staple"].join("-"),
  email: "oncall.person@corp.example",
  privateKey: [
    `-----BEGIN ${"PRIVATE"} KEY-----`,
    "RkFLRSBLRVkgRk9SIFRFU1RT".repeat(4),
    `-----END ${"PRIVATE"} KEY-----`,
  ].join("\n"),
} as const;

/** The configuration that `read_config` returns: secrets among values of every JSON type. */
export function sampleConfig(name: string): Record<string, unknown> {
  return {
    name,
    region: "eu-central-1",
    replicas: 3,
    ratio: 0.25,
    enabled: true,
    legacy: false,
    maintainer: null,
    aws: { accessKeyId: SAMPLE.awsAccessKeyId, secretAccessKey: SAMPLE.awsSecretAccessKey },
    tokens: [SAMPLE.githubToken, SAMPLE.slackToken],
    database: { host: "db.internal.example", port: 5432, user: "app", password: SAMPLE.password },
    contact: SAMPLE.email,
    tlsKey: SAMPLE.privateKey,
    tags: ["payments", "blue"],
  };
}
