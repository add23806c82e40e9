import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { PolicyDocument } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

export interface RecordTableProps {
  readonly key: IKey;
  /** Whether the table has a stream with old and new images. */
  readonly stream: boolean;
  /** @default none */
  readonly resourcePolicy?: PolicyDocument;
  /**
   * Indexes over whole items: name to the text attribute that parts them. Each is ordered by `createdAt`, a number, and
   * holds only the items that have both.
   * @default none
   */
  readonly indexes?: Readonly<Record<string, string>>;
}

/** A table with keys `pk` and `sk`: on demand, point-in-time recovery, protected from deletion, kept when the stack goes. */
export class RecordTable extends Table {
  constructor(scope: Construct, id: string, props: RecordTableProps) {
    super(scope, id, {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      timeToLiveAttribute: "expiresAt",
      removalPolicy: RemovalPolicy.RETAIN,
      ...(props.stream ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
      ...(props.resourcePolicy === undefined ? {} : { resourcePolicy: props.resourcePolicy }),
    });
    for (const [indexName, attribute] of Object.entries(props.indexes ?? {}))
      this.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: attribute, type: AttributeType.STRING },
        sortKey: { name: "createdAt", type: AttributeType.NUMBER },
        projectionType: ProjectionType.ALL,
      });
  }
}
