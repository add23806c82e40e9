import { AssumeRoleCommand, STSClient, type STSClientResolvedConfig } from "@aws-sdk/client-sts";
import type { RoleSession } from "../domain/upstream/role-session.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Keys of a role for one session. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface AssumedRoles {
  /** @param seconds how long the session lives */
  assume(roleArn: string, session: RoleSession, seconds: number): Promise<SessionKeys>;
  /** The SDK's own hash, for who signs with the keys. */
  readonly sha256: STSClientResolvedConfig["sha256"];
}

/** STS: assumes the roles of servers. */
export function assumedRoles(environment: Environment): AssumedRoles {
  const client = new STSClient(clientOptions(environment, "STS"));
  return {
    sha256: client.config.sha256,
    async assume(RoleArn, { name, sourceIdentity, tags, policy }, DurationSeconds) {
      const { Credentials: keys } = await client.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: name,
          SourceIdentity: sourceIdentity,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          Policy: policy,
          DurationSeconds,
        }),
      );
      if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken || !keys.Expiration)
        throw new Error("STS gave no keys");
      return {
        accessKeyId: keys.AccessKeyId,
        secretAccessKey: keys.SecretAccessKey,
        sessionToken: keys.SessionToken,
        expiresAt: keys.Expiration.getTime(),
      };
    },
  };
}
