import { userInfo } from 'node:os';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import type { Actor } from '#app/ports/audit-trail.ts';

/** Who runs this command: AWS says whose credentials they are, the machine who sits at it. */
export async function whoCalls(options: STSClientConfig): Promise<Actor> {
  // Only here, since most commands have no need of it.
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(options);
  try {
    const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
    if (arn === undefined) throw new TypeError('STS did not say who calls');
    return { arn, claimedUser: claimedUser() };
  } finally {
    client.destroy();
  }
}

/** A process may run as a user that the machine has no name for. */
function claimedUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
