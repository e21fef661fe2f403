import { randomUUID } from 'node:crypto';
import type { PeerRequest, PeerResponse } from '../peer-server.ts';
import type { AccountIdentities } from './account-identities.ts';

interface Place {
  readonly identities: Pick<AccountIdentities, 'find'>;
  readonly accountId: string;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS speaks the query protocol; this is all of it that there is here. */
export function isCallerIdentity({ headers, body }: PeerRequest): boolean {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return false;
  const form = new URLSearchParams(body.toString('utf8'));
  return form.get('Action') === 'GetCallerIdentity' && form.get('Version') === '2011-06-15';
}

/** Whoever has credentials may ask, whatever their policies say. */
export function callerIdentity(
  accessKeyId: string | undefined,
  { identities, accountId }: Place,
): PeerResponse {
  const identity = accessKeyId === undefined ? undefined : identities.find(accessKeyId);
  if (identity) return identified(identity.arn, accountId, identity.userId);
  return accessKeyId === undefined
    ? refusal('MissingAuthenticationToken', 'Request is missing Authentication Token')
    : refusal('InvalidClientTokenId', 'The security token included in the request is invalid.');
}

function identified(arn: string, account: string, userId: string): PeerResponse {
  const result = `<Arn>${arn}</Arn><UserId>${userId}</UserId><Account>${account}</Account>`;
  return answer(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>${result}</GetCallerIdentityResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}

function refusal(code: string, message: string): PeerResponse {
  return answer(
    403,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}

function answer(status: number, body: string): PeerResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
