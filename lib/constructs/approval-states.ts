/** The AWS-SDK integration raises the conditional failure under this name; the optimised one uses another. */
const DECIDED_ALREADY = "DynamoDb.ConditionalCheckFailedException";
/** Failures of DynamoDB that pass by themselves. */
const PASSING = [
  "DynamoDb.ThrottlingException",
  "DynamoDb.ProvisionedThroughputExceededException",
  "DynamoDb.RequestLimitExceeded",
  "DynamoDb.InternalServerErrorException",
  // A decision and its grant are one transaction on the row.
  "DynamoDb.TransactionConflictException",
  "DynamoDb.SdkClientException",
];
const STILL_PENDING = "#status = :pending";
const UPDATE = "arn:aws:states:::aws-sdk:dynamodb:updateItem";

const row = { pk: { "S.$": "$.pk" }, sk: { "S.$": "$.sk" } };
const retried = [{ ErrorEquals: PASSING, IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 }];

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
  Retry: retried,
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

const MINUTE_NOW = [0, 1]
  .map((part) => `States.ArrayGetItem(States.StringSplit($$.State.EnteredTime, ':'), ${part})`)
  .join(", ");

interface Told {
  /** Whom, as a comment says it. */
  readonly whom: string;
  readonly groupPath: string;
  readonly topicPath: string;
  readonly subjectPath: string;
  /** State that waits for the answer. */
  readonly next: string;
}

/** Whether this approval is among the first of the minute, which are mailed one by one. */
const AMONG_THE_FIRST =
  "States.ArrayContains(States.ArrayGetItem(States.ArrayPartition($.Attributes.waiting.L[*].S, $$.Execution.Input.singleMails), 0), $$.Execution.Input.approvalId)";

/**
 * Mails a group, but not without measure: the approval enters the group's mails of this minute, and only those that came
 * first are mailed by themselves. The `sweeper` sends one mail about all others when the minute is over.
 */
const tell = (table: string, name: string, { whom, groupPath, topicPath, subjectPath, next }: Told) => ({
  [`${name}Enters`]: {
    Type: "Task",
    Comment: `Enters the approval in this minute's mails to ${whom}`,
    Resource: UPDATE,
    Parameters: {
      TableName: table,
      Key: {
        pk: { "S.$": `States.Format('mail#{}', ${groupPath})` },
        sk: { "S.$": `States.Format('minute#{}:{}', ${MINUTE_NOW})` },
      },
      UpdateExpression:
        "SET waiting = list_append(if_not_exists(waiting, :none), :this), baseUrl = if_not_exists(baseUrl, :base)",
      ExpressionAttributeValues: {
        ":none": { L: [] },
        ":this": { L: [{ "S.$": "$.approvalId" }] },
        ":base": { "S.$": "$.baseUrl" },
      },
      ReturnValues: "ALL_NEW",
    },
    ResultSelector: { "single.$": AMONG_THE_FIRST },
    ResultPath: "$.mail",
    Retry: retried,
    // Rather a mail too many than an approval that nobody is told of.
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: `${name}Mail` }],
    Next: `${name}First`,
  },
  [`${name}First`]: {
    Type: "Choice",
    Comment: "Is it among the first of this minute? All others are mailed together when the minute is over",
    Choices: [{ Variable: "$.mail.single", BooleanEquals: true, Next: `${name}Mail` }],
    Default: next,
  },
  [`${name}Mail`]: {
    Type: "Task",
    Comment: `Mails ${whom}`,
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { "TopicArn.$": topicPath, "Subject.$": subjectPath, "Message.$": "$.message" },
    Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2 }],
    // Mail that cannot be sent must not stop the wait: the console still shows the approval.
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }],
    ResultPath: null,
    Next: next,
  },
});

/**
 * The states of an approval's flow (Amazon States Language, JSONPath). Every write to the row is conditional on PENDING:
 * the row is the truth, and the machine only tells and waits. First the row, then the mail: nobody is mailed about a
 * decided approval, and no escalation goes unrecorded.
 *
 * @param table name of the approvals table
 */
export const approvalStates = (table: string) => ({
  Comment:
    "Tells the approvers, waits for a decision, reminds them, asks a second group, and expires the approval when nobody decides",
  StartAt: "NotifyEnters",
  States: {
    ...tell(table, "Notify", {
      whom: "the group that policy named",
      groupPath: "$.group",
      topicPath: "$.topicArn",
      subjectPath: "$.subject",
      next: "WaitForDecision",
    }),
    WaitForDecision: wait(table, "Waits for the group's decision", "$.firstWaitSeconds", "RemindOrGoOn"),
    RemindOrGoOn: {
      Type: "Choice",
      Comment: "Nobody decided: is the group to be reminded?",
      Choices: [{ Variable: "$.remind", BooleanEquals: true, Next: "MarkReminded" }],
      Default: "EscalateOrExpire",
    },
    MarkReminded: write(
      table,
      "Notes in the row that the group is reminded, if the approval is still pending",
      "SET reminded = :yes REMOVE taskToken",
      { ":yes": { BOOL: true } },
      "RemindEnters",
    ),
    ...tell(table, "Remind", {
      whom: "the group once more",
      groupPath: "$.group",
      topicPath: "$.topicArn",
      subjectPath: "$.reminderSubject",
      next: "WaitAfterReminder",
    }),
    WaitAfterReminder: wait(table, "Waits on for the group's decision", "$.reminderWaitSeconds", "EscalateOrExpire"),
    EscalateOrExpire: {
      Type: "Choice",
      Comment: "Nobody decided: is there another group to ask?",
      Choices: [{ Variable: "$.escalate", BooleanEquals: true, Next: "MarkEscalated" }],
      Default: "Expire",
    },
    MarkEscalated: write(
      table,
      "Notes the second group in the row, if the approval is still pending",
      "SET escalatedTo = :group REMOVE taskToken",
      { ":group": { "S.$": "$.escalationGroup" } },
      "EscalateEnters",
    ),
    ...tell(table, "Escalate", {
      whom: "the second group",
      groupPath: "$.escalationGroup",
      topicPath: "$.escalationTopicArn",
      subjectPath: "$.subject",
      next: "WaitForEscalation",
    }),
    WaitForEscalation: wait(table, "Waits for either group's decision", "$.escalationWaitSeconds", "Expire"),
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
