import type { LedgerRecord } from "../record.ts";

const SHA_256 = 3;
const OTHER = 99;
/** What is hashed and signed is the ledger's record, not the event made of it. */
const SERIALIZATION = "RFC 8785 JSON of the ledger's record behind a zero byte (RFC 6962 leaf)";

/**
 * The record's place in its writer's chain (profile `record_integrity`). The record before is named by lane and number, which is
 * the `uid` of its own attestation: a writer's record knows the hash of the one before, not its id.
 *
 * @param hash hex leaf hash of the record
 */
export function attestationOf({ writer, signer, recordedAt }: LedgerRecord, hash: string) {
  return {
    uid: `${writer.id}:${writer.seq}`,
    chain_uid: writer.id,
    ...(signer === undefined ? {} : { authority_uid: signer.key }),
    fingerprint: fingerprint(hash),
    ...(writer.seq === 0
      ? {}
      : { prev_event: { uid: `${writer.id}:${writer.seq - 1}`, fingerprint: fingerprint(writer.previous) } }),
    signatures: [
      { algorithm_id: OTHER, algorithm: "Ed25519", created_time: Date.parse(recordedAt), digest: fingerprint(hash) },
    ],
  };
}

const fingerprint = (value: string) => ({
  algorithm_id: SHA_256,
  algorithm: "SHA-256",
  value,
  serialization_id: OTHER,
  serialization: SERIALIZATION,
});
