import type {
  MessageSender,
  OutgoingMessage,
  ReadReceipt,
  SendResult,
} from '#app/ports/message-sender.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { Failure } from '#domain/failure.ts';
import type { PhoneNumberId, TenantId } from '#domain/ids.ts';
import { isObject, type JsonObject } from '#domain/json.ts';
import { JsonPoster, type PostResult, UNUSABLE_TOKEN } from '#runtime/post-json.ts';
import { messageBody, typingBody, wamidOf } from './graph-messages.ts';
import { classifySendError, isTokenRefused } from './send-failure.ts';

export interface WhatsAppMessageSenderOptions {
  readonly secrets: Pick<SecretSource, 'tenant' | 'refreshTenant'>;
  /** For example `v26.0`. */
  readonly apiVersion: string;
  readonly baseUrl?: string | undefined;
}

interface Call {
  readonly tenantId: TenantId;
  readonly phoneNumberId: PhoneNumberId;
  readonly body: JsonObject;
  /** Of all that the call needs: the token, a post, perhaps a new token and a second post. */
  readonly deadline: AbortSignal;
}

const LONGEST_WAIT_MS = 10_000;

const TIME_IS_UP: PostResult = { kind: 'not-sent', code: 'timeout' };

/** The Cloud API of WhatsApp: `POST /<version>/<phone number id>/messages`, with the tenant's own token. */
export class WhatsAppMessageSender implements MessageSender {
  readonly #options: WhatsAppMessageSenderOptions;
  readonly #poster = new JsonPoster();

  constructor(options: WhatsAppMessageSenderOptions) {
    this.#options = options;
  }

  async send(message: OutgoingMessage): Promise<SendResult> {
    const body = messageBody(message);
    if (!body) return refused({ class: 'give-up-here', code: 'graph:no-recipient' });
    const { tenantId, timeoutMs, reference } = message;
    const { phoneNumberId } = reference.chat;
    const deadline = deadlineAfter(timeoutMs);
    try {
      return sendResultOf(await this.#post({ tenantId, phoneNumberId, body, deadline }));
    } catch (error) {
      if (error instanceof SecretUnavailableError) return refused(secretFailure(error));
      throw error;
    }
  }

  async showTyping(receipt: ReadReceipt): Promise<boolean> {
    const { tenantId, phoneNumberId, timeoutMs } = receipt;
    const deadline = deadlineAfter(timeoutMs);
    try {
      const body = typingBody(receipt);
      const result = await this.#post({ tenantId, phoneNumberId, body, deadline });
      return result.kind === 'answered' && result.status === 200;
    } catch {
      return false;
    }
  }

  /** A refused token is fetched again, since it may have been replaced a moment ago. */
  async #post(call: Call): Promise<PostResult> {
    const result = await this.#postOnce(call);
    if (result.kind !== 'answered' || !isTokenRefused(result.status, result.body)) return result;
    const refresh = this.#options.secrets.refreshTenant(call.tenantId);
    const isRefreshed = await unlessTimeIsUp(refresh, call.deadline);
    if (isRefreshed === 'time-is-up') return TIME_IS_UP;
    return isRefreshed ? this.#postOnce(call) : result;
  }

  async #postOnce({ tenantId, phoneNumberId, body, deadline }: Call): Promise<PostResult> {
    const { secrets, apiVersion, baseUrl = 'https://graph.facebook.com' } = this.#options;
    const secret = await unlessTimeIsUp(secrets.tenant(tenantId), deadline);
    if (secret === 'time-is-up') return TIME_IS_UP;
    return this.#poster.post({
      url: `${baseUrl}/${apiVersion}/${phoneNumberId}/messages`,
      token: secret.accessToken,
      body,
      deadline,
    });
  }
}

function deadlineAfter(timeoutMs: number): AbortSignal {
  return AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(timeoutMs, LONGEST_WAIT_MS))));
}

/** The work goes on behind our back: a token that comes late serves the next call. */
async function unlessTimeIsUp<Value>(
  work: Promise<Value>,
  deadline: AbortSignal,
): Promise<Value | 'time-is-up'> {
  const timeIsUp = new Promise<'time-is-up'>((resolve) => {
    if (deadline.aborted) resolve('time-is-up');
    deadline.addEventListener('abort', () => resolve('time-is-up'), { once: true });
  });
  return Promise.race([work, timeIsUp]);
}

const TOKEN_REFUSED: Failure = {
  class: 'fix-needed',
  code: `graph:${UNUSABLE_TOKEN}`,
  remedy: 'token',
};

function sendResultOf(result: PostResult): SendResult {
  switch (result.kind) {
    case 'not-sent':
      if (result.code === UNUSABLE_TOKEN) return refused(TOKEN_REFUSED);
      return refused({ class: 'retry', code: `graph:${result.code}` });
    case 'lost':
      return { kind: 'ambiguous', code: `graph:${result.code}` };
    case 'answered':
      break;
  }
  const { status, body, headers } = result;
  const isSuccess = status >= 200 && status < 300 && !(isObject(body) && body['error']);
  if (!isSuccess) return classifySendError(status, body, headers['retry-after']);
  const wamid = wamidOf(body);
  return wamid ? { kind: 'sent', wamid } : { kind: 'ambiguous', code: 'graph:no-wamid' };
}

function secretFailure({ needs }: SecretUnavailableError): Failure {
  const code = `graph:secret-needs-${needs}`;
  return needs === 'operator'
    ? { class: 'fix-needed', code, remedy: 'token' }
    : { class: 'retry', code };
}

function refused(failure: Failure): SendResult {
  return { kind: 'refused', failure };
}
