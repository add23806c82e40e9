import type { DemoStep } from "../stage.ts";
import { tokens } from "./01-tokens.ts";
import { lists } from "./02-lists.ts";
import { sameBytes } from "./03-same-bytes.ts";
import { masking } from "./04-masking.ts";
import { denied } from "./05-denied.ts";
import { approved } from "./06-approved.ts";
import { refused } from "./07-refused.ts";
import { selfApproval } from "./08-self-approval.ts";
import { oneExecution } from "./09-one-execution.ts";
import { evidence } from "./10-evidence.ts";
import { questions } from "./11-questions.ts";
import { noRecordNoCall } from "./12-no-record-no-call.ts";
import { stolenSession } from "./13-stolen-session.ts";
import { grant } from "./14-grant.ts";
import { block } from "./15-block.ts";
import { quorum } from "./16-quorum.ts";
import { proof } from "./18-proof.ts";

/** The demo, step by step. Each may use what earlier ones left. */
export const STEPS: readonly DemoStep[] = [
  tokens,
  lists,
  sameBytes,
  masking,
  denied,
  approved,
  refused,
  selfApproval,
  oneExecution,
  evidence,
  questions,
  noRecordNoCall,
  stolenSession,
  grant,
  block,
  quorum,
  proof,
];
