const PRINCIPAL =
  "struct<kind:string,id:string,issuer:string,subject:string,client:string,name:string,groups:array<string>,person:string,initiator:string,jti:string,authTime:bigint,acr:string,amr:array<string>,scopes:array<string>,claims:map<string,string>,delegation:array<string>>";
const BODY =
  "struct<text:string,key:string,originalHash:string,originalBytes:bigint,findings:array<struct<kind:string,pointer:string,start:bigint,length:bigint,tag:string>>,findingCount:bigint,sealedHash:string>";

/**
 * The columns of the masked archive, one for each field of a record, for Athena (Glue types) and for DuckDB alike.
 * Hive knows lower case only, and its JSON reader matches keys without regard to case; DuckDB wants the keys as they are.
 */
export const RECORD_COLUMNS = [
  { name: "v", type: "int" },
  { name: "id", type: "string" },
  { name: "type", type: "string" },
  { name: "occurredAt", type: "string" },
  { name: "recordedAt", type: "string" },
  { name: "component", type: "string" },
  { name: "session", type: "string" },
  { name: "call", type: "string" },
  { name: "server", type: "string" },
  { name: "method", type: "string" },
  { name: "sender", type: "string" },
  { name: "target", type: "string" },
  { name: "outcome", type: "string" },
  { name: "reason", type: "string" },
  { name: "headers", type: "map<string,string>" },
  { name: "principal", type: PRINCIPAL },
  { name: "source", type: "struct<ip:string,userAgent:string,requestId:string>" },
  { name: "decision", type: "struct<kind:string,policies:array<string>,reason:string>" },
  { name: "risks", type: "array<string>" },
  {
    name: "approval",
    type: `struct<id:string,attempt:int,group:string,verdict:string,by:string,person:string,who:${PRINCIPAL},reason:string,scope:string,rendered:string,waitedMs:bigint>`,
  },
  { name: "grant", type: "struct<id:string,approval:string,expiresAt:string,reach:string>" },
  { name: "breakGlass", type: "string" },
  { name: "digests", type: "struct<policy:string,risks:string,masking:string>" },
  { name: "request", type: BODY },
  { name: "response", type: BODY },
  { name: "durationMs", type: "bigint" },
  { name: "received", type: "string" },
  { name: "revealed", type: "string" },
  { name: "quarantined", type: "struct<record:string,hash:string,copy:string>" },
  { name: "signer", type: "struct<publicKey:string,openedAt:string,key:string,attestation:string>" },
  { name: "closed", type: "struct<id:string,seq:bigint>" },
  { name: "writer", type: "struct<id:string,seq:bigint,previous:string>" },
] as const satisfies readonly { readonly name: string; readonly type: string }[];
