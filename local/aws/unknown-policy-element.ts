/** Raised for part of a policy that cannot be judged here; the request it concerns must be refused. */
export class UnknownPolicyElementError extends Error {
  override readonly name = 'UnknownPolicyElementError';

  /** @param element such as `the condition operator IpAddress` */
  constructor(element: string) {
    super(`The local cloud does not know ${element}; teach it to local/aws/iam.ts`);
  }
}
