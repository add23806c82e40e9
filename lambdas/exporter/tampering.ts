import type { DynamoDBRecord } from "aws-lambda";

/** Who removes items whose time to live is over. */
const TIME_TO_LIVE = "dynamodb.amazonaws.com";

/** Whether a change of the ledger is none that the product ever makes: it only adds, and only time takes away. */
export const isTampering = ({ eventName, userIdentity }: DynamoDBRecord): boolean =>
  eventName === "MODIFY" || (eventName === "REMOVE" && !isTimeToLive(userIdentity));

const isTimeToLive = (identity: { readonly type?: string; readonly principalId?: string } | undefined): boolean =>
  identity?.type === "Service" && identity.principalId === TIME_TO_LIVE;
