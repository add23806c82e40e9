/** Beginning of the IAM paths of all roles of the gateway. */
export const ROLES_PATH = "/countersign/";
/** IAM path of the roles that may append to the ledger; its resource policy denies puts to all others. */
export const WRITER_PATH = "/countersign/writer/";
/** IAM path of the audit function's role, below the writers': the forensic key opens for it alone. */
export const AUDIT_PATH = `${WRITER_PATH}audit/`;
/** IAM path under which an adopter makes a role that may read what was quarantined; this app makes none. */
export const FORENSICS_PATH = "/countersign/forensics/";
/** IAM path of the digester's role: it signs and does not append. */
export const DIGESTER_PATH = "/countersign/digester/";
/** IAM path of the holder's role: it alone may put and lift legal holds in the vaults. */
export const HOLDER_PATH = "/countersign/holder/";
/** IAM path of the roles by which S3 copies the vaults; a destination's own policy can name it. */
export const REPLICA_PATH = "/countersign/replica/";
/** IAM path of all other roles of the gateway. */
export const PLAIN_PATH = "/countersign/plain/";
/** Encryption context under which the forensic key makes and opens content keys. */
export const FORENSIC_PURPOSE = "countersign-original";
