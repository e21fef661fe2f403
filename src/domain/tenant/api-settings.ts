/** Who may call the business API for a tenant. */
export interface ApiSettings {
  /** IAM users and roles of the account, by their ARNs; nobody where there is none. */
  readonly callers: readonly string[];
}

export const NO_CALLERS: ApiSettings = { callers: [] };

export const MOST_CALLERS = 20;

const IAM = /^arn:aws[\w-]*:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]{1,576}$/;

/** The ARN of an IAM user or role, as IAM shows it. */
export function isCallerArn(text: string): boolean {
  return IAM.test(text);
}

export function areCallers(callers: readonly string[]): boolean {
  return callers.length <= MOST_CALLERS && callers.every(isCallerArn);
}

/**
 * Whether who has signed a request is one of a tenant's callers. A role's session is known by its role;
 * its ARN has the role's name without its path, which is enough: a name is there once in an account.
 */
export function isCallerOf({ callers }: ApiSettings, userArn: string): boolean {
  const principal = principalOf(userArn);
  return principal !== undefined && callers.some((each) => principalOf(each) === principal);
}

const SESSION = /^(arn:aws[\w-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;
const ROLE = /^(arn:aws[\w-]*:iam::\d{12}:role)\/(?:.*\/)?([^/]+)$/;

/** Undefined for the account's root, federated users and whoever else is neither user nor role. */
function principalOf(arn: string): string | undefined {
  const session = SESSION.exec(arn);
  if (session) return `${session[1]}:iam::${session[2]}:role/${session[3]}`;
  if (!isCallerArn(arn)) return undefined;
  const role = ROLE.exec(arn);
  return role ? `${role[1]}/${role[2]}` : arn;
}
