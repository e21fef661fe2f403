import type { AccountIdentities, Identity } from '#local/aws/account-identities.ts';
import { isAllowed } from '#local/aws/iam.ts';
import { isSignedWith, readClaim, type SignedRequest } from '#local/aws/signature-v4.ts';
import { UnknownPolicyElementError } from '#local/aws/unknown-policy-element.ts';

/** As a function finds the caller in `requestContext.authorizer.iam`. */
export interface IamAuthorizer {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: string;
  readonly userArn: string;
  readonly userId: string;
}

export interface IamAuthorizerOptions {
  readonly identities: Pick<AccountIdentities, 'find'>;
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
}

/** Tells who calls a route of type AWS_IAM; undefined for whoever may not. */
export type AuthoriseRequest = (
  request: SignedRequest,
  /** ARN of what is called. */
  resource: string,
) => IamAuthorizer | undefined;

/**
 * As API Gateway judges: the signature must be of the request, for this service and region, and the
 * caller's policies must allow `execute-api:Invoke`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html).
 */
export function iamAuthorizer(options: IamAuthorizerOptions): AuthoriseRequest {
  return (request, resource) => {
    const claim = readClaim(request.headers);
    const identity = claim && options.identities.find(claim.accessKeyId);
    if (!claim || !identity) return undefined;
    if (claim.service !== 'execute-api' || claim.region !== options.region) return undefined;
    const { secretAccessKey } = identity;
    if (!isSignedWith(request, claim, { secretAccessKey, nowMs: options.now() })) return undefined;
    if (!mayInvoke(identity, resource)) return undefined;
    return {
      accessKey: claim.accessKeyId,
      accountId: options.accountId,
      callerId: identity.userId,
      cognitoIdentity: null,
      principalOrgId: '',
      userArn: identity.arn,
      userId: identity.userId,
    };
  };
}

/** What cannot be judged is refused. */
function mayInvoke({ statements, arn }: Identity, resource: string): boolean {
  if (statements === undefined) return true;
  try {
    return isAllowed({ statements, principalArn: arn, action: 'execute-api:Invoke', resource });
  } catch (error) {
    if (error instanceof UnknownPolicyElementError) return false;
    throw error;
  }
}
