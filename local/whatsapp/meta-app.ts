import type { ModelClock } from '#local/clock.ts';
import { GraphError } from './graph-error.ts';
import type { Numbers, TokenGrant } from './numbers.ts';
import type { RandomBytes } from './random-bytes.ts';

/** Embedded Signup's codes live this long, and are taken once. */
const CODE_LIVES_MS = 30_000;

interface Code {
  readonly grant: TokenGrant;
  readonly expiresAtMs: number;
  used: boolean;
}

export interface MetaAppDeps {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  /** Path of its callback URL. */
  readonly callback: string;
  readonly clock: ModelClock;
  readonly randomBytes: RandomBytes;
  readonly numbers: Numbers;
}

/** A Meta app through which businesses of this world are served. */
export class MetaApp {
  readonly id: string;
  readonly name: string;
  /** Where its webhooks go. */
  readonly callback: string;
  readonly #deps: MetaAppDeps;
  readonly #codes = new Map<string, Code>();
  #secret: string;

  constructor(deps: MetaAppDeps) {
    this.id = deps.id;
    this.name = deps.name;
    this.callback = deps.callback;
    this.#deps = deps;
    this.#secret = deps.secret;
  }

  /** Signs every webhook. */
  get secret(): string {
    return this.#secret;
  }

  /** As by *Reset* in the dashboard: the former secret is worth nothing from now on. */
  resetSecret(secret: string): void {
    this.#secret = secret;
  }

  /** What a business hands over at the end of Embedded Signup. */
  issueCode(grant: TokenGrant): { readonly code: string; readonly expiresAtMs: number } {
    const code = `AQ${this.#random(48)}`;
    const expiresAtMs = this.#deps.clock.now() + CODE_LIVES_MS;
    this.#codes.set(code, { grant, expiresAtMs, used: false });
    return { code, expiresAtMs };
  }

  /** `GET /oauth/access_token`. @throws GraphError */
  exchange(secret: string | null, given: string | null): object {
    if (secret !== this.#secret) {
      throw new GraphError(1, { message: 'Error validating client secret.' });
    }
    const code = given === null ? undefined : this.#codes.get(given);
    if (!code) throw new GraphError(100, { message: 'Invalid verification code format.' });
    const nowMs = this.#deps.clock.now();
    if (code.used) {
      throw new GraphError(100, {
        subcode: 36009,
        message: 'This authorization code has been used.',
      });
    }
    if (code.expiresAtMs <= nowMs) {
      throw new GraphError(100, {
        subcode: 36007,
        message: 'This authorization code has expired.',
      });
    }
    code.used = true;
    const token = this.issueToken(code.grant);
    const { expiresAtMs } = code.grant;
    return {
      access_token: token,
      token_type: 'bearer',
      ...(expiresAtMs !== undefined && { expires_in: Math.round((expiresAtMs - nowMs) / 1000) }),
    };
  }

  issueToken(grant: TokenGrant): string {
    const token = `EAA${this.#random(60)}`;
    this.#deps.numbers.grant(token, { ...grant, appId: this.id });
    return token;
  }

  /** `GET /<app id>`. */
  describe(): object {
    return { id: this.id, name: this.name };
  }

  /** `GET /debug_token`, asked by this app. @throws GraphError */
  debugToken(token: string | null): object {
    if (!token) {
      throw new GraphError(100, { message: '(#100) The parameter input_token is required.' });
    }
    const { numbers } = this.#deps;
    const grant = numbers.grantOf(token);
    if (!grant) return { data: invalid('Invalid OAuth access token.') };
    if (grant.appId !== this.id) {
      throw new GraphError(100, {
        message: '(#100) The App_id in the input_token did not match the Viewing App',
      });
    }
    const facts = this.#facts(grant);
    if (!numbers.hasExpired(grant)) return { data: { ...facts, is_valid: true } };
    return { data: { ...facts, ...invalid('Session has expired.', 463), scopes: grant.scopes } };
  }

  #facts({ scopes, accountIds, expiresAtMs }: TokenGrant) {
    return {
      app_id: this.id,
      type: 'SYSTEM_USER',
      application: this.name,
      data_access_expires_at: 0,
      expires_at: expiresAtMs === undefined ? 0 : Math.floor(expiresAtMs / 1000),
      scopes: [...scopes, 'public_profile'],
      granular_scopes: scopes.map((scope) => ({ scope, target_ids: accountIds })),
    };
  }

  #random(bytes: number): string {
    return Buffer.from(this.#deps.randomBytes(bytes)).toString('base64url');
  }
}

function invalid(message: string, subcode?: number) {
  const error = { code: 190, message, ...(subcode !== undefined && { subcode }) };
  return { is_valid: false, error, scopes: [] };
}
