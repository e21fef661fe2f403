import type { Caller } from '../callers.ts';
import type { Permission } from './aws-service.ts';
import { decide, type RoleBook } from './iam.ts';
import { UnknownPolicyElementError } from './unknown-policy-element.ts';

export interface Refused {
  readonly permission: Permission;
  /** In AWS's words. */
  readonly message: string;
}

/** What a caller's role lacks first; undefined where it may do everything that a call needs. */
export function firstRefusal(
  permissions: readonly Permission[],
  caller: Caller,
  { roles, accountId }: { readonly roles: RoleBook; readonly accountId: string },
): Refused | undefined {
  const { roleLogicalId } = caller;
  const statements = roles.statementsOf(roleLogicalId);
  const principalArn = `arn:aws:iam::${accountId}:role/${roleLogicalId}`;
  const user = assumedRoleArn(caller, accountId);
  for (const permission of permissions) {
    const reason = reasonAgainst(() => decide({ ...permission, statements, principalArn }));
    if (reason === undefined) continue;
    const { action, resource } = permission;
    return {
      permission,
      message: `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
    };
  }
  return undefined;
}

/** As AWS names a function that has taken its role. */
export function assumedRoleArn({ roleLogicalId, functionName }: Caller, accountId: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleLogicalId}/${functionName}`;
}

/** What cannot be judged is refused, and says why. */
function reasonAgainst(judge: () => ReturnType<typeof decide>): string | undefined {
  try {
    const decision = judge();
    return decision.allowed ? undefined : decision.reason;
  } catch (error) {
    if (error instanceof UnknownPolicyElementError) return `because ${error.message}`;
    throw error;
  }
}
