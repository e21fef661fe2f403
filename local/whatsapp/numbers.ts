import type { Business } from './business.ts';
import { GraphError, unknownObject } from './graph-error.ts';

/** The businesses of this world, by the ids that a Graph path can hold, and what a token may touch. */
export class Numbers {
  readonly all: readonly Business[];

  constructor(businesses: readonly Business[]) {
    this.all = businesses;
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
    const owned = this.all.filter(({ accessTokens }) => token && accessTokens.includes(token));
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
