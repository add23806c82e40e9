/**
 * What `read_config` gives away: it looks real, opens nothing, and is put together at run time, so that no secret
 * scanner stumbles over the source.
 */
export function opsSecrets() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const text = (length: number, seed: number) =>
    Array.from({ length }, (_, at) => letters[(at * 7 + seed * 13 + at * at) % letters.length]).join("");
  const pem = (part: string) => `-----${part} RSA PRIVATE KEY-----`;
  return {
    accessKeyId: `AKIA${"QW7ERT4YUI2OPAS5"}`,
    secretAccessKey: text(40, 3),
    githubToken: `ghp_${text(36, 5)}`,
    password: `S3cure-${text(12, 9)}!`,
    privateKey: `${pem("BEGIN")}\n${text(64, 11)}\n${text(64, 17)}\n${pem("END")}`,
    email: ["dba", "acme.example"].join("@"),
  };
}
