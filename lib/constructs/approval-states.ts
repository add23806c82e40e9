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

/** A wait for a decision: stores the token in the row, if the row is still pending, and sleeps until somebody wakes it. */
const wait = (
  table: string,
  comment: string,
  secondsPath: string,
  set: string,
  values: Record<string, unknown>,
  next: { readonly timeout: string },
) => ({
  Type: "Task",
  Comment: comment,
  Resource: `${UPDATE}.waitForTaskToken`,
  TimeoutSecondsPath: secondsPath,
  Parameters: {
    TableName: table,
    Key: { pk: { "S.$": "$.pk" }, sk: { "S.$": "$.sk" } },
    UpdateExpression: set,
    ConditionExpression: STILL_PENDING,
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":pending": { S: "PENDING" }, ":token": { "S.$": "$$.Task.Token" }, ...values },
  },
  ResultPath: null,
  Retry: [{ ErrorEquals: PASSING, IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 }],
  Catch: [
    { ErrorEquals: ["States.Timeout"], ResultPath: null, Next: next.timeout },
    { ErrorEquals: [DECIDED_ALREADY], ResultPath: null, Next: "DecisionCameFirst" },
  ],
  Next: "Decided",
});

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
    WaitForDecision: wait(
      table,
      "Waits for the group's decision",
      "$.firstWaitSeconds",
      "SET taskToken = :token",
      {},
      { timeout: "EscalateOrExpire" },
    ),
    EscalateOrExpire: {
      Type: "Choice",
      Comment: "Nobody decided: is there another group to ask?",
      Choices: [{ Variable: "$.escalate", BooleanEquals: true, Next: "NotifyEscalation" }],
      Default: "Expire",
    },
    NotifyEscalation: notify("Mails the second group", "$.escalationTopicArn", "WaitForEscalation"),
    WaitForEscalation: wait(
      table,
      "Waits for either group's decision",
      "$.secondWaitSeconds",
      "SET taskToken = :token, escalatedTo = :group",
      { ":group": { "S.$": "$.escalationGroup" } },
      { timeout: "Expire" },
    ),
    Expire: {
      Type: "Task",
      Comment: "Marks the approval as expired, if it is still pending",
      Resource: UPDATE,
      Parameters: {
        TableName: table,
        Key: { pk: { "S.$": "$.pk" }, sk: { "S.$": "$.sk" } },
        UpdateExpression: "SET #status = :expired REMOVE taskToken",
        ConditionExpression: STILL_PENDING,
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":pending": { S: "PENDING" }, ":expired": { S: "EXPIRED" } },
      },
      ResultPath: null,
      Retry: [
        { ErrorEquals: [DECIDED_ALREADY], MaxAttempts: 0 },
        { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2 },
      ],
      Catch: [{ ErrorEquals: [DECIDED_ALREADY], ResultPath: null, Next: "DecisionCameFirst" }],
      Next: "Expired",
    },
    Decided: { Type: "Succeed", Comment: "A decision woke the flow; the row says which" },
    DecisionCameFirst: { Type: "Succeed", Comment: "The row was decided before the flow came to it" },
    Expired: { Type: "Succeed", Comment: "Nobody decided in time" },
  },
});
