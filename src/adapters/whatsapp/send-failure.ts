import type { SendResult } from '#app/ports/message-sender.ts';
import type { Failure, FailureClass } from '#domain/failure.ts';
import { isObject, type JsonObject, numberAt, objectAt } from '#domain/json.ts';

/** Certainly refused before processing, so that sending again cannot say anything twice. */
const RETRY = [4, 80007, 130429, 131056, 131057, 131208];

/** Too many messages to one customer. */
const PAIR_LIMIT = 131056;

/** The message may have gone out all the same. */
const PERHAPS_SENT = [1, 2, 131000, 131016];

/** The channel is broken until the operator or the business does something. */
const FIX_NEEDED = [
  0, 3, 10, 33, 190, 368, 803, 131005, 131031, 131037, 131042, 131045, 131048, 131064, 133005,
  133006, 133010, 134011,
];

/** Of these, and of the permission errors 200 to 299: a new token is what helps. */
const TOKEN_NEEDED = [0, 3, 10, 190, 131005];

/** Errors of groups; 131208, their rate limit, passes. */
const GROUPS = [
  131201, 131202, 131203, 131204, 131205, 131206, 131207, 131209, 131210, 131211, 131212, 131213,
  131214, 131215,
];

/** Errors of one template: it is not there, paused or disabled, its parameters do not fit, or its flow is stopped. */
const TEMPLATES = [132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069];

/** This message will never be taken; the next one may. */
const GIVE_UP_HERE = [
  ...GROUPS,
  ...TEMPLATES,
  100,
  130403,
  130472,
  130497,
  131008,
  131009,
  131020,
  131021,
  131026,
  131041,
  131047,
  131049,
  131050,
  131051,
  131052,
  131053,
  131055,
  131060,
  131062,
  131063,
  134100,
  134102,
  135000,
  147005,
];

/**
 * Of these: buttons, a list, or a message that is quoted and is not there, may be what is refused. Meta
 * shows a message without its quotation where the quoted one is deleted, and documents no code for it.
 */
const OF_THE_FORM = [100, 131008, 131009, 131051, 131060, 135000];

const CLASS_OF_CODE: ReadonlyMap<number, FailureClass | 'perhaps-sent'> = new Map([
  ...RETRY.map((code) => [code, 'retry'] as const),
  ...PERHAPS_SENT.map((code) => [code, 'perhaps-sent'] as const),
  ...FIX_NEEDED.map((code) => [code, 'fix-needed'] as const),
  ...GIVE_UP_HERE.map((code) => [code, 'give-up-here'] as const),
]);

/** `error_subcode` of a 100 that means: no such number, or the token may not use it. */
const NO_SUCH_OBJECT = 33;

/** What an answer of the Graph API other than success means for the message (error codes of the Cloud API). */
export function classifySendError(
  status: number,
  body: unknown,
  retryAfter: string | undefined,
): Exclude<SendResult, { kind: 'sent' }> {
  const error = isObject(body) ? objectAt(body, 'error') : undefined;
  const graphCode = error && numberAt(error, 'code');
  const code = graphCode === undefined ? `graph:http-${status}` : `graph:${graphCode}`;
  const known = error && graphCode !== undefined ? classOfCode(graphCode, error) : undefined;
  const failureClass = known ?? classOfStatus(status, error);
  return failureClass === 'perhaps-sent'
    ? { kind: 'ambiguous', code }
    : {
        kind: 'refused',
        failure: {
          class: failureClass,
          code,
          remedy: remedyFor(status, graphCode),
          isOfThePair: graphCode === PAIR_LIMIT ? true : undefined,
          isOfTheForm: isOfTheForm(failureClass, graphCode),
          isOfTheAccount: known === 'fix-needed' ? true : undefined,
          retryAfterMs: milliseconds(retryAfter),
        },
      };
}

function classOfCode(code: number, error: JsonObject): FailureClass | 'perhaps-sent' | undefined {
  if (isPermissionCode(code)) return 'fix-needed';
  if (code === 100 && numberAt(error, 'error_subcode') === NO_SUCH_OBJECT) return 'fix-needed';
  return CLASS_OF_CODE.get(code);
}

function isOfTheForm(failureClass: FailureClass, code: number | undefined): true | undefined {
  const isOne = failureClass === 'give-up-here' && code !== undefined && OF_THE_FORM.includes(code);
  return isOne ? true : undefined;
}

function remedyFor(status: number, code: number | undefined): Failure['remedy'] {
  if (code === undefined) return status === 401 ? 'token' : undefined;
  return TOKEN_NEEDED.includes(code) || isPermissionCode(code) ? 'token' : undefined;
}

function isPermissionCode(code: number): boolean {
  return code >= 200 && code <= 299;
}

/** For codes that nobody knows yet: they are looked at by a person rather than dropped. */
function classOfStatus(
  status: number,
  error: JsonObject | undefined,
): FailureClass | 'perhaps-sent' {
  if (status === 429) return 'retry';
  const isPermanent = status >= 400 && status < 500 && error?.['is_transient'] !== true;
  return isPermanent ? 'fix-needed' : 'perhaps-sent';
}

/** Whether the token was refused, so that a new one may help. */
export function isTokenRefused(status: number, body: unknown): boolean {
  const error = isObject(body) ? objectAt(body, 'error') : undefined;
  return status === 401 || (error !== undefined && numberAt(error, 'code') === 190);
}

function milliseconds(retryAfter: string | undefined): number | undefined {
  return retryAfter && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}
