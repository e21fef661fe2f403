import type { Business } from './business.ts';
import { GraphError, unknownObject } from './graph-error.ts';

/** The businesses of this world, by the ids that a Graph path can hold, and what a token may touch. */
export class Numbers {
  readonly all: readonly Business[];
  readonly #tokens: Map<Business, readonly string[]>;

  constructor(businesses: readonly Business[]) {
    this.all = businesses;
    this.#tokens = new Map(businesses.map((each) => [each, each.accessTokens]));
  }

  /** From now on these tokens act for this number, and no others. @returns false for an unknown number */
  replaceTokens(phoneNumberId: string, tokens: readonly string[]): boolean {
    const business = this.find(phoneNumberId);
    if (business) this.#tokens.set(business, tokens);
    return business !== undefined;
  }

  find(phoneNumberId: string): Business | undefined {
    return this.all.find((business) => business.phoneNumberId === phoneNumberId);
  }

  findAccount(accountId: string): Business | undefined {
    return this.all.find((business) => business.accountId === accountId);
  }

  /** What this token may act for. @throws GraphError 190 for a token that nobody gave out */
  ofToken(authorization: string | undefined): readonly Business[] {
    const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(authorization ?? '')?.[1];
    const owned = this.all.filter((each) => token && this.#tokens.get(each)?.includes(token));
    if (owned.length === 0) throw new GraphError(190);
    return owned;
  }

  /** @throws GraphError 190, or 100/33 for a number that does not exist or is not this token's */
  authorise(phoneNumberId: string, authorization: string | undefined): Business {
    const business = this.ofToken(authorization).find(
      (each) => each.phoneNumberId === phoneNumberId,
    );
    if (!business) throw unknownObject(phoneNumberId, 'POST');
    return business;
  }
}
