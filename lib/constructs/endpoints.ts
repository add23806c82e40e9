import { Aws } from "aws-cdk-lib";
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  type VpcEndpoint,
} from "aws-cdk-lib/aws-ec2";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type EndpointService, GATEWAY_ENDPOINTS } from "../config/endpoint-services.ts";

export interface EndpointsProps {
  readonly vpc: IVpc;
  /** Where the functions are; interface endpoints get an address in each zone of theirs. */
  readonly subnets: readonly ISubnet[];
  /** The services that are called. */
  readonly services: readonly EndpointService[];
  /** What may be done through the endpoints: nothing else is let through. */
  readonly rights: readonly PolicyStatement[];
  /** Of the interface endpoints. */
  readonly securityGroup: ISecurityGroup;
}

const GATEWAY = { dynamodb: GatewayVpcEndpointAwsService.DYNAMODB, s3: GatewayVpcEndpointAwsService.S3 };
const INTERFACE = {
  kms: InterfaceVpcEndpointAwsService.KMS,
  secretsmanager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  sts: InterfaceVpcEndpointAwsService.STS,
  lambda: InterfaceVpcEndpointAwsService.LAMBDA,
};
/** What the endpoints were called before there were others: a new name would make them anew. */
const NAMES = { dynamodb: "DynamoDb", s3: "S3", kms: "Kms", secretsmanager: "Secrets", sts: "Sts", lambda: "Lambda" };

/** The ways from a VPC to services of AWS, each with a policy of its own: the only ways out where the subnets are isolated. */
export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    for (const service of props.services) letThrough(service, props.rights, this.endpointOf(service, props));
  }

  private endpointOf(service: EndpointService, { vpc, subnets, securityGroup }: EndpointsProps): VpcEndpoint {
    if (isGateway(service))
      return vpc.addGatewayEndpoint(NAMES[service], {
        service: GATEWAY[service],
        subnets: [{ subnets: [...subnets] }],
      });
    return vpc.addInterfaceEndpoint(NAMES[service], {
      service: INTERFACE[service],
      subnets: { subnets: oneOfEachZone(subnets) },
      securityGroups: [securityGroup],
      privateDnsEnabled: true,
      // The functions' group is let in by name, and nothing else.
      open: false,
    });
  }
}

const isGateway = (service: EndpointService): service is (typeof GATEWAY_ENDPOINTS)[number] =>
  GATEWAY_ENDPOINTS.some((one) => one === service);

/** EC2 refuses an interface endpoint with two subnets of one zone. */
const oneOfEachZone = (subnets: readonly ISubnet[]) =>
  subnets.filter(
    ({ availabilityZone }, at) => subnets.findIndex((one) => one.availabilityZone === availabilityZone) === at,
  );

/** An endpoint's policy: the data path's own rights in that service, for this account's principals, so that no foreign credentials leave by it. */
function letThrough(service: string, rights: readonly PolicyStatement[], endpoint: VpcEndpoint): void {
  for (const { actions, resources } of rights)
    if (actions.every((action) => action.startsWith(`${service}:`)))
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions,
          resources,
          conditions: { StringEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID } },
        }),
      );
}
