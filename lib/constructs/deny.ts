import { Aws } from "aws-cdk-lib";
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";

/**
 * Denies actions to everybody, in the policy of the resource itself, where no policy of a role can allow them again.
 *
 * @param resource what it is about; `*` in the policy of a key or a table is that key or table
 */
export const denyAll = (sid: string, actions: string[], conditions: Conditions = {}, resource = "*"): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: [resource],
    conditions,
  });

/** Pattern of the ARNs of this account's roles under a path. */
export const rolesUnder = (path: string): string => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${path}*`;

/** The condition that spares the roles of this account under a path. */
export const exceptRolesUnder = (path: string): Conditions => ({
  ArnNotLike: { "aws:PrincipalArn": rolesUnder(path) },
});
