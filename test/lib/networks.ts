/** The network of the shipped configuration, as text, to be replaced. */
const PREFIX_LISTS = "prefixLists: { dynamodb: pl-66a5400f, s3: pl-6ea54007 }";
export const OWN_NETWORK = {
  prefixLists: PREFIX_LISTS,
  whole: `network:
  kind: own
  cidr: 10.0.0.0/16
  # Of your region: aws ec2 describe-managed-prefix-lists
  ${PREFIX_LISTS}`,
};

export interface ExistingNetworkText {
  readonly subnets?: readonly string[];
  readonly securityGroup?: string;
  readonly endpoints?: string;
}

/** A network that exists, as the configuration writes it. */
export const existingNetwork = ({
  subnets = [
    "{ id: subnet-0a0a0a0a, zone: eu-central-1a, routeTable: rtb-0a0a0a0a }",
    "{ id: subnet-0b0b0b0b, zone: eu-central-1b, routeTable: rtb-0b0b0b0b }",
  ],
  securityGroup = "null",
  endpoints = "{ kind: own }",
}: ExistingNetworkText = {}) => `network:
  kind: existing
  vpcId: vpc-0123456789abcdef0
  subnets:
${subnets.map((subnet) => `    - ${subnet}`).join("\n")}
  securityGroup: ${securityGroup}
  endpoints: ${endpoints}
  ${PREFIX_LISTS}`;
