import type { RecordPrincipal, RecordSource } from "./record.ts";

/** Who made a request, in CloudTrail's words (userIdentity element). */
export interface TrailIdentity {
  readonly type?: string;
  readonly arn?: string;
  readonly principalId?: string;
  /** The AWS service through which somebody asked, such as athena.amazonaws.com. */
  readonly invokedBy?: string;
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } };
}

/** A request to AWS as CloudTrail tells of it, as far as it is read. */
export interface TrailEvent {
  readonly eventID: string;
  /** RFC 3339 UTC, whole seconds. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  /** Id that the service gave the request, and told its caller. */
  readonly requestID?: string;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly userIdentity?: TrailIdentity;
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
}

/** Identities behind which one person stands; of other roles nobody can tell. */
const PERSONS: ReadonlySet<string> = new Set(["Root", "IAMUser", "FederatedUser", "SAMLUser", "IdentityCenterUser"]);
const SIGNED_IN_ROLE = /:role\/aws-reserved\/sso\.amazonaws\.com\//;
const LONGEST_AGENT = 256;

const roleOf = ({ sessionContext }: TrailIdentity): string => sessionContext?.sessionIssuer?.arn ?? "";

/** The identity that AWS verified, as records hold one. */
export function trailPrincipal({ userIdentity = {} }: TrailEvent): RecordPrincipal {
  const { type = "unknown", arn, principalId, invokedBy = "" } = userIdentity;
  const subject = arn ?? principalId ?? (invokedBy || type);
  const isPerson = PERSONS.has(type) || SIGNED_IN_ROLE.test(roleOf(userIdentity));
  return {
    kind: isPerson ? "user" : "workload",
    id: `aws|${subject}`,
    issuer: "aws",
    subject,
    client: invokedBy,
    name: subject.split("/").at(-1) ?? subject,
    groups: [],
    person: null,
    initiator: null,
    jti: null,
    authTime: null,
    acr: null,
    amr: [],
    delegation: [],
  };
}

/** Where the request came from: an address, or the service that made it for somebody. */
export const trailSource = ({ sourceIPAddress = "", userAgent = "", requestID = "" }: TrailEvent): RecordSource => ({
  ip: sourceIPAddress,
  userAgent: userAgent.slice(0, LONGEST_AGENT).toWellFormed(),
  requestId: requestID,
});
