/** The AWS-SDK integration raises the conditional failure under this name; the optimised one uses another. */
const DECIDED_ALREADY = "DynamoDb.ConditionalCheckFailedException";
/** Failures of DynamoDB that pass by themselves. */
const PASSING = [
  "DynamoDb.ThrottlingException",
  "DynamoDb.ProvisionedThroughputExceededException",
  "DynamoDb.RequestLimitExceeded",
  "DynamoDb.InternalServerErrorException",
];
const STILL_PENDING = "#status = :pending";
const UPDATE = "arn:aws:states:::aws-sdk:dynamodb:updateItem";

const row = { pk: { "S.$": "$.pk" }, sk: { "S.$": "$.sk" } };

/** A write to the row, if it is still pending. */
const write = (table: string, comment: string, set: string, values: Record<string, unknown>, next: string) => ({
  Type: "Task",
  Comment: comment,
  Resource: UPDATE,
  Parameters: {
    TableName: table,
    Key: row,
    UpdateExpression: set,
    ConditionExpression: STILL_PENDING,
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":pending": { S: "PENDING" }, ...values },
  },
  ResultPath: null,
  Retry: [{ ErrorEquals: PASSING, IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 }],
  Catch: [{ ErrorEquals: [DECIDED_ALREADY], ResultPath: null, Next: "DecisionCameFirst" }],
  Next: next,
});

/** A wait for a decision: stores the token in the row and sleeps until somebody wakes it, or the time is over. */
const wait = (table: string, comment: string, secondsPath: string, timeout: string) => {
  const stored = write(table, comment, "SET taskToken = :token", { ":token": { "S.$": "$$.Task.Token" } }, "Decided");
  return {
    ...stored,
    Resource: `${UPDATE}.waitForTaskToken`,
    TimeoutSecondsPath: secondsPath,
    Catch: [{ ErrorEquals: ["States.Timeout"], ResultPath: null, Next: timeout }, ...stored.Catch],
  };
};

const notify = (comment: string, topicPath: string, next: string) => ({
  Type: "Task",
  Comment: comment,
  Resource: "arn:aws:states:::sns:publish",
  Parameters: { "TopicArn.$": topicPath, "Subject.$": "$.subject", "Message.$": "$.message" },
  Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2 }],
  // Mail that cannot be sent must not stop the wait: the console still shows the approval.
  Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }],
  ResultPath: null,
  Next: next,
});

/**
 * The states of an approval's flow (Amazon States Language, JSONPath). Every write is conditional on PENDING: the row
 * is the truth, and the machine only tells and waits.
 *
 * @param table name of the approvals table
 */
export const approvalStates = (table: string) => ({
  Comment:
    "Tells the approvers, waits for a decision, asks a second group, and expires the approval when nobody decides",
  StartAt: "NotifyApprovers",
  States: {
    NotifyApprovers: notify("Mails the group that policy named", "$.topicArn", "WaitForDecision"),
    WaitForDecision: wait(table, "Waits for the group's decision", "$.firstWaitSeconds", "EscalateOrExpire"),
    EscalateOrExpire: {
      Type: "Choice",
      Comment: "Nobody decided: is there another group to ask?",
      Choices: [{ Variable: "$.escalate", BooleanEquals: true, Next: "MarkEscalated" }],
      Default: "Expire",
    },
    // First the row, then the mail: nobody is mailed about a decided approval, and no escalation goes unrecorded.
    MarkEscalated: write(
      table,
      "Notes the second group in the row, if the approval is still pending",
      "SET escalatedTo = :group REMOVE taskToken",
      { ":group": { "S.$": "$.escalationGroup" } },
      "NotifyEscalation",
    ),
    NotifyEscalation: notify("Mails the second group", "$.escalationTopicArn", "WaitForEscalation"),
    WaitForEscalation: wait(table, "Waits for either group's decision", "$.secondWaitSeconds", "Expire"),
    Expire: write(
      table,
      "Marks the approval as expired, if it is still pending",
      "SET #status = :expired REMOVE taskToken",
      { ":expired": { S: "EXPIRED" } },
      "Expired",
    ),
    Decided: { Type: "Succeed", Comment: "A decision woke the flow; the row says which" },
    DecisionCameFirst: { Type: "Succeed", Comment: "The row was decided before the flow came to it" },
    Expired: { Type: "Succeed", Comment: "Nobody decided in time" },
  },
});
