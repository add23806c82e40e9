import type { RecordType } from "./record.ts";

/** What a type of record is for. */
export interface CatalogueEntry {
  /** What happened. */
  readonly what: string;
  /** Why it is recorded. */
  readonly why: string;
  /** Controls of NIST SP 800-53 Rev 5 that it is evidence for. */
  readonly controls: readonly string[];
}

/** Every type of record: AU-2 asks for the list, and for the reason of each entry. A type without one fails the types. */
export const EVENT_CATALOGUE = {
  "writer.opened": {
    what: "An environment opened a lane, with the key that signs it and the signing key's word for it",
    why: "ties every record that follows in the lane to the code that wrote it",
    controls: ["AU-9(3)", "AU-10", "SC-12"],
  },
  "writer.closed": {
    what: "A lane ended with a put whose fate is not known",
    why: "a gap at the end of a lane is then explained, and any other is a loss",
    controls: ["AU-5", "AU-9"],
  },
  "call.received": {
    what: "A message of a client, with its body, what was decided and by which policies, before it waits or is forwarded",
    why: "nothing reaches a server that was not recorded before",
    controls: ["AU-2", "AU-3", "AU-3(1)", "AU-12", "AU-14", "AC-3", "AC-6(9)", "IA-2"],
  },
  "call.completed": {
    what: "How a call ended, with the body of the answer as the caller saw it",
    why: "nothing reaches a client that was not recorded before, and every call has its outcome",
    controls: ["AU-2", "AU-3", "AU-3(1)", "AU-3(3)", "AU-12", "AU-14", "AC-6(9)"],
  },
  "call.denied": {
    what: "A call, or a request of a server, that policy refused, or that the protocol forbids",
    why: "shows that the rules are enforced, and who tries what is forbidden",
    controls: ["AC-3", "AC-6(10)", "AU-2", "SI-10"],
  },
  "call.unresolved": {
    what: "A call was received and has no outcome longer after it than any call can last",
    why: "whether it ran is not known: somebody must ask before it is repeated",
    controls: ["AU-5", "AU-12", "SI-4"],
  },
  "message.relayed": {
    what: "Messages that a server sent before its answer: progress, logs, requests to the client",
    why: "the transcript of a session is whole in both directions",
    controls: ["AU-3", "AU-12", "AU-14"],
  },
  "access.refused": {
    what: "Somebody asked the API of approvers, administrators or auditors for what they may not do",
    why: "attempts to decide, reveal or administer without the right are seen",
    controls: ["AC-3", "AC-6(10)", "AU-2"],
  },
  "approval.requested": {
    what: "A call needs human consent, or access was asked for ahead",
    why: "begins the story of a dual authorization",
    controls: ["AC-3(2)", "AC-2", "AU-2"],
  },
  "approval.decided": {
    what: "One person's yes or no, why, how far it reaches, and the hash of what they were shown",
    why: "consent can be tied to one person who saw one thing",
    controls: ["AC-3(2)", "AU-10", "IA-2", "AC-2(4)"],
  },
  "approval.escalated": {
    what: "Nobody decided in time, and another group was asked as well",
    why: "shows who could have decided from then on",
    controls: ["AC-3(2)", "AU-2"],
  },
  "approval.expired": {
    what: "Nobody decided until the end",
    why: "silence is no consent, and the record says that it was silence",
    controls: ["AC-3(2)", "AU-2"],
  },
  "approval.withdrawn": {
    what: "The request, or what was left of the approval, was taken back, by whom and why",
    why: "consent that was taken back runs nothing afterwards",
    controls: ["AC-3(2)", "AC-2(4)"],
  },
  "approval.consumed": {
    what: "The approved call began to run, the one time that it may",
    why: "an approval allows one run: this is it",
    controls: ["AC-3(2)", "AC-6(9)", "AU-10"],
  },
  "approval.revealed": {
    what: "An approver was shown the unmasked arguments of what they decide about",
    why: "who saw a secret is known, and why they needed to",
    controls: ["AU-14", "AC-6", "SI-12"],
  },
  "grant.created": {
    what: "A temporary permission, what it reaches and until when",
    why: "every permission beyond policy has its approval and its end",
    controls: ["AC-2", "AC-2(4)", "AC-6"],
  },
  "grant.ended": {
    what: "It ended: by its time, its session, its use, or somebody",
    why: "shows that what was temporary was",
    controls: ["AC-2", "AC-2(4)", "AC-6"],
  },
  "principal.blocked": {
    what: "A principal was blocked, by whom and why",
    why: "revocation takes effect at the next call, and who ordered it is known",
    controls: ["AC-2(4)", "AC-3", "IA-4"],
  },
  "principal.unblocked": {
    what: "A principal may call again, by whose decision and why",
    why: "whoever gives access back answers for it",
    controls: ["AC-2(4)", "AC-3"],
  },
  "tool.pinned": {
    what: "A tool's definition is trusted from now on: at first sight, or because somebody accepted it",
    why: "what a tool was when it was approved can be shown",
    controls: ["CM-3", "CM-5(1)", "SI-7"],
  },
  "tool.changed": {
    what: "A server lists a tool otherwise than it is pinned, and how it differs",
    why: "a tool that turned into another is hidden, and its calls need a human",
    controls: ["SI-7", "SI-4", "CM-3"],
  },
  "hold.put": {
    what: "Somebody put a legal hold on a session, a principal's doings or a time, and why",
    why: "what must be kept is kept beyond its retention, and who ordered it is known",
    controls: ["AU-11", "AU-9", "SI-12"],
  },
  "hold.lift-asked": {
    what: "Somebody asked to lift a legal hold, and why; it stays until another person agrees",
    why: "begins the dual authorization without which nothing is let go",
    controls: ["AU-11", "AU-9(5)", "AC-3(2)"],
  },
  "hold.lifted": {
    what: "A second person lifted a legal hold, and why",
    why: "two people answer for what may be deleted when its retention ends",
    controls: ["AU-11", "AU-9(5)", "AC-3(2)"],
  },
  "ledger.tampered": {
    what: "The ledger's stream told of a change or a removal, which its own policy denies to everybody",
    why: "that somebody changed evidence is evidence itself",
    controls: ["AU-9", "SI-4", "SI-7"],
  },
  "query.run": {
    what: "Somebody ran a query in the auditors' workgroup of Athena, as CloudTrail tells",
    why: "what auditors look for is known, and who looked",
    controls: ["AU-14", "AU-9(6)", "AC-6(9)", "AU-12(4)"],
  },
  "role.unexplained": {
    what: "CloudTrail tells of a role made under the gateway's path, of a change of who may take one of its roles, or of a signature with its key by another role",
    why: "policies know the gateway's roles by their path: whoever gets one can append, sign or read as the gateway, and an alarm wakes an operator",
    controls: ["AC-2(4)", "AC-6(9)", "AU-9", "SI-4", "SC-12"],
  },
  "seal.opened": {
    what: "The forensic key opened a content key, under KMS's own id of the request; written before anything opened by it is shown",
    why: "a use of the key that CloudTrail tells of and this does not explain was not the gateway's",
    controls: ["AU-9", "AC-6(9)", "SC-12"],
  },
  "seal.unexplained": {
    what: "CloudTrail tells of a use of the forensic key, or of a try, that no record explains",
    why: "somebody may have seen originals without a reason, and an alarm wakes an operator",
    controls: ["AU-9", "SI-4", "AC-6(10)", "SC-12"],
  },
  "transcript.read": {
    what: "Somebody read objects of the vaults, or the ledger, with rights of their own, as CloudTrail tells",
    why: "who read transcripts is known, whatever they read them with",
    controls: ["AU-14", "AU-9", "AC-6(9)"],
  },
  "transcript.revealed": {
    what: "Somebody is about to see the unmasked original of a record, and why; written before it is shown",
    why: "no original is seen without a name and a reason",
    controls: ["AU-14", "AU-9", "AC-6(9)", "SI-12"],
  },
  "transcript.quarantined": {
    what: "Somebody has a record masked anew, in which a secret was missed, and why; written before the copy takes its place",
    why: "nothing is hidden from auditors without a name, a reason and the hash of what was there",
    controls: ["AU-9", "AU-10", "IR-9", "SI-12"],
  },
} as const satisfies Record<RecordType, CatalogueEntry>;
