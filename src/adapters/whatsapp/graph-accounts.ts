import type {
  AppCredentials,
  MetaAccounts,
  MetaAnswer,
  NumberFacts,
  TokenFacts,
} from '#app/ports/meta-accounts.ts';
import type { PhoneNumberId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';

export interface GraphAccountsOptions {
  readonly baseUrl: string;
  /** Such as `v26.0`. */
  readonly version: string;
  readonly timeoutMs?: number;
}

interface GraphCall {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Posted where given. */
  readonly body?: JsonObject;
  readonly token?: string;
}

const NUMBER_FIELDS = 'display_phone_number,verified_name,status,quality_rating,health_status';

/** The operator's calls of the Graph API. None of its words are passed on: they may repeat a token. */
export class GraphAccounts implements MetaAccounts {
  readonly #options: GraphAccountsOptions;

  constructor(options: GraphAccountsOptions) {
    this.#options = options;
  }

  describeApp({ id, secret }: AppCredentials): Promise<MetaAnswer<string>> {
    const call = { path: id, query: { fields: 'name' }, token: `${id}|${secret}` };
    return this.#call(call, (body) =>
      textAt(body, 'id') === id ? textAt(body, 'name') : undefined,
    );
  }

  describeToken(token: string, { id, secret }: AppCredentials): Promise<MetaAnswer<TokenFacts>> {
    const call = {
      path: 'debug_token',
      query: { input_token: token },
      token: `${id}|${secret}`,
    };
    return this.#call(call, (body) => {
      const data = objectAt(body, 'data');
      return data && tokenFacts(data);
    });
  }

  describeNumber(id: PhoneNumberId, token: string): Promise<MetaAnswer<NumberFacts>> {
    return this.#call({ path: id, query: { fields: NUMBER_FIELDS }, token }, numberFacts);
  }

  listNumbers(accountId: string, token: string): Promise<MetaAnswer<readonly NumberFacts[]>> {
    const path = `${encodeURIComponent(accountId)}/phone_numbers`;
    // More than a page is no business of ours: Meta allows far fewer numbers by default.
    const query = { fields: NUMBER_FIELDS, limit: '100' };
    return this.#call({ path, query, token }, (body) =>
      listAt(body, 'data').flatMap((each) => (isObject(each) ? [numberFacts(each)] : [])),
    );
  }

  listSubscribedApps(accountId: string, token: string): Promise<MetaAnswer<readonly string[]>> {
    const path = `${encodeURIComponent(accountId)}/subscribed_apps`;
    return this.#call({ path, token }, (body) =>
      listAt(body, 'data').flatMap((each) => {
        const app = isObject(each) ? objectAt(each, 'whatsapp_business_api_data') : undefined;
        return app ? [textAt(app, 'id') ?? ''] : [];
      }),
    );
  }

  subscribeApp(accountId: string, token: string): Promise<MetaAnswer<true>> {
    const path = `${encodeURIComponent(accountId)}/subscribed_apps`;
    return this.#call({ path, body: {}, token }, isDone);
  }

  registerNumber(id: PhoneNumberId, pin: string, token: string): Promise<MetaAnswer<true>> {
    const body = { messaging_product: 'whatsapp', pin };
    return this.#call({ path: `${id}/register`, body, token }, isDone);
  }

  exchangeCode(code: string, { id, secret }: AppCredentials): Promise<MetaAnswer<string>> {
    const query = { client_id: id, client_secret: secret, code };
    return this.#call({ path: 'oauth/access_token', query }, (body) =>
      textAt(body, 'access_token'),
    );
  }

  async #call<Value>(
    call: GraphCall,
    read: (body: JsonObject) => Value | undefined,
  ): Promise<MetaAnswer<Value>> {
    const answer = await this.#fetch(call);
    if (typeof answer === 'string') return { kind: 'unreachable', code: answer };
    const error = objectAt(answer, 'error');
    const code = error && numberAt(error, 'code');
    if (error && code !== undefined) {
      return { kind: 'refused', code, subcode: numberAt(error, 'error_subcode') };
    }
    const value = error ? undefined : read(answer);
    return value === undefined
      ? { kind: 'unreachable', code: 'unexpected answer' }
      : { kind: 'answered', value };
  }

  /** @returns the body, or a word for why there is none */
  async #fetch({ path, query = {}, body, token }: GraphCall): Promise<JsonObject | string> {
    const { baseUrl, version, timeoutMs = 15_000 } = this.#options;
    const search = new URLSearchParams(query).toString();
    try {
      const response = await fetch(`${baseUrl}/${version}/${path}${search && `?${search}`}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // A redirect would carry the token to wherever it points.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer: unknown = await response.json().catch(() => undefined);
      return isObject(answer) ? answer : `HTTP status ${response.status}`;
    } catch (error) {
      return wordFor(error);
    }
  }
}

/** Never the message of the error: it may hold the address, and that a token. */
function wordFor(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  for (const each of [cause, error]) {
    const code = each instanceof Error ? Reflect.get(each, 'code') : undefined;
    if (typeof code === 'string') return code;
  }
  return error instanceof Error ? error.name : 'unknown';
}

function isDone(body: JsonObject): true | undefined {
  return body['success'] === true ? true : undefined;
}

function tokenFacts(data: JsonObject): TokenFacts {
  const expires = numberAt(data, 'expires_at') ?? 0;
  const granular = listAt(data, 'granular_scopes').filter(isObject);
  return {
    isValid: data['is_valid'] === true,
    appId: textAt(data, 'app_id'),
    scopes: listAt(data, 'scopes').map(String),
    targets: new Map(
      granular
        .filter((each) => Array.isArray(each['target_ids']))
        .map((each) => [textAt(each, 'scope') ?? '', listAt(each, 'target_ids').map(String)]),
    ),
    expiresAtMs: expires > 0 ? expires * 1000 : undefined,
  };
}

function numberFacts(body: JsonObject): NumberFacts {
  const health = objectAt(body, 'health_status');
  return {
    phoneNumberId: textAt(body, 'id') ?? '',
    displayPhoneNumber: textAt(body, 'display_phone_number'),
    verifiedName: textAt(body, 'verified_name'),
    status: textAt(body, 'status'),
    quality: textAt(body, 'quality_rating'),
    canSend: health && textAt(health, 'can_send_message'),
  };
}
