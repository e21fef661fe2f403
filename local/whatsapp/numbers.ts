import type { Business } from './business.ts';
import { GraphError, unknownObject } from './graph-error.ts';

export const MESSAGING = 'whatsapp_business_messaging';
export const MANAGEMENT = 'whatsapp_business_management';

/** What an access token may do. */
export interface TokenGrant {
  readonly scopes: readonly string[];
  /** WhatsApp Business Accounts; a demo business's own token has just its own. */
  readonly accountIds: readonly string[];
  /** Undefined = never. */
  readonly expiresAtMs: number | undefined;
}

/** A grant, and the Meta app through which it was given. */
export interface IssuedGrant extends TokenGrant {
  readonly appId: string;
}

/** The app that gave out the tokens which are there from the beginning. */
export const SHARED_APP_ID = '600000000000001';

/** The businesses of this world, by the ids that a Graph path can hold, and what a token may touch. */
export class Numbers {
  readonly #now: () => number;
  readonly #all: Business[];
  readonly #grants = new Map<string, IssuedGrant>();
  readonly #unregistered = new Set<string>();
  readonly #replaced = new Map<Business, readonly string[]>();

  constructor(businesses: readonly Business[], now: () => number) {
    this.#all = [...businesses];
    this.#now = now;
  }

  get all(): readonly Business[] {
    return this.#all;
  }

  add(business: Business, { isRegistered }: { readonly isRegistered: boolean }): void {
    this.#all.push(business);
    if (!isRegistered) this.#unregistered.add(business.phoneNumberId);
  }

  find(phoneNumberId: string): Business | undefined {
    return this.#all.find((business) => business.phoneNumberId === phoneNumberId);
  }

  ofAccount(accountId: string): readonly Business[] {
    return this.#all.filter((business) => business.accountId === accountId);
  }

  /** Only a registered number sends. */
  isRegistered(phoneNumberId: string): boolean {
    return !this.#unregistered.has(phoneNumberId);
  }

  register(phoneNumberId: string): void {
    this.#unregistered.delete(phoneNumberId);
  }

  /** From now on these tokens act for this number, and no others. @returns false for an unknown number */
  replaceTokens(phoneNumberId: string, tokens: readonly string[]): boolean {
    const business = this.find(phoneNumberId);
    if (!business) return false;
    this.#replaced.set(business, tokens);
    for (const [token, { accountIds }] of this.#grants) {
      if (accountIds.includes(business.accountId)) this.#grants.delete(token);
    }
    return true;
  }

  #tokensOf(business: Business): readonly string[] {
    return this.#replaced.get(business) ?? business.accessTokens;
  }

  /** Gives out a token. */
  grant(token: string, grant: IssuedGrant): void {
    this.#grants.set(token, grant);
  }

  /** @returns undefined for a token that nobody gave out; also tells of one that has expired */
  grantOf(token: string): IssuedGrant | undefined {
    const granted = this.#grants.get(token);
    if (granted) return granted;
    const owned = this.#all.filter((business) => this.#tokensOf(business).includes(token));
    if (owned.length === 0) return undefined;
    const accountIds = owned.map(({ accountId }) => accountId);
    return {
      scopes: [MANAGEMENT, MESSAGING],
      accountIds,
      expiresAtMs: undefined,
      appId: SHARED_APP_ID,
    };
  }

  hasExpired({ expiresAtMs }: TokenGrant): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= this.#now();
  }

  /**
   * What this token may act for.
   * @throws GraphError 190 for a token that nobody gave out or that has expired, 10 where it lacks the permission
   */
  ofToken(authorization: string | undefined, scope?: string): readonly Business[] {
    const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(authorization ?? '')?.[1];
    const grant = token === undefined ? undefined : this.grantOf(token);
    if (!grant) throw new GraphError(190);
    if (this.hasExpired(grant)) throw expired();
    if (scope !== undefined && !grant.scopes.includes(scope)) throw new GraphError(10);
    return this.#all.filter(({ accountId }) => grant.accountIds.includes(accountId));
  }

  /** @throws GraphError 190 or 10, or 100/33 for a number that does not exist or is not this token's */
  authorise(phoneNumberId: string, authorization: string | undefined, scope?: string): Business {
    const business = this.ofToken(authorization, scope).find(
      (each) => each.phoneNumberId === phoneNumberId,
    );
    if (!business) throw unknownObject(phoneNumberId, 'POST');
    return business;
  }
}

function expired(): GraphError {
  return new GraphError(190, {
    subcode: 463,
    message: 'Error validating access token: Session has expired.',
  });
}
