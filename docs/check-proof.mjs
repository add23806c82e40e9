// Checks an inclusion proof of Countersign with nothing but Node: node check-proof.mjs <proof.json> <trusted-key.pem>
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const [proofFile, keyFile] = process.argv.slice(2);
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
// RFC 6962: leaves are hashed under 0x00, inner nodes under 0x01.
const leaf = (text) => sha256(Buffer.from([0]), Buffer.from(text));
const node = (left, right) => sha256(Buffer.from([1]), left, right);
// RFC 8785 for what a proof holds: objects of texts, whole numbers and null.
const canonical = (value) =>
  value !== null && typeof value === "object"
    ? `{${Object.keys(value)
        .sort()
        .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
        .join(",")}}`
    : JSON.stringify(value);

// RFC 9162 section 2.1.3.2: from a leaf and its siblings to the root.
function rootOf(hash, { index, size, path }) {
  let [at, last] = [index, size - 1];
  if (!(at >= 0 && at <= last)) throw new Error("the place is outside the tree");
  for (const sibling of path.map((hex) => Buffer.from(hex, "hex"))) {
    if (last === 0) throw new Error("the path is too long");
    if (at % 2 === 1 || at === last) {
      hash = node(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = node(hash, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Error("the path is too short");
  return hash.toString("hex");
}
try {
  const { record, inObject, object, inDigest, signed } = JSON.parse(readFileSync(proofFile, "utf8"));
  const { digest, signature } = signed;
  const key = createPublicKey(readFileSync(keyFile, "utf8"));
  if (!verify("sha256", Buffer.from(canonical(digest)), key, Buffer.from(signature, "base64")))
    throw new Error("the key did not sign this digest");
  if (inObject.size !== object.records || rootOf(leaf(record), inObject) !== object.root)
    throw new Error("the record is not in the object");
  if (inDigest.size !== digest.objects || rootOf(leaf(canonical(object)), inDigest) !== digest.root)
    throw new Error("the object is not under the digest");
  console.log(
    `ok: the record ${JSON.parse(record).id} was archived when ${digest.key} was signed (${digest.writtenAt})`,
  );
} catch (error) {
  console.error(`NOT PROVEN: ${error.message}`);
  process.exitCode = 1;
}
