import type { PhoneNumberId } from '#domain/ids.ts';

/** The app's id and secret, by which Meta knows the app itself. */
export interface AppCredentials {
  readonly id: string;
  readonly secret: string;
}

export interface TokenFacts {
  readonly isValid: boolean;
  readonly appId: string | undefined;
  readonly scopes: readonly string[];
  /** Per permission the ids that it is held to; a permission that is not in it holds for all. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** Undefined = never. */
  readonly expiresAtMs: number | undefined;
}

export interface NumberFacts {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string | undefined;
  readonly verifiedName: string | undefined;
  /** Only a `CONNECTED` one sends and receives. */
  readonly status: string | undefined;
  readonly quality: string | undefined;
  /** `AVAILABLE`, `LIMITED` or `BLOCKED`. */
  readonly canSend: string | undefined;
}

/**
 * What Meta said. Its own words are left out: they may repeat the token.
 * - `refused`: with an error code
 * - `unreachable`: no answer that could be read
 */
export type MetaAnswer<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'refused'; readonly code: number; readonly subcode: number | undefined }
  | { readonly kind: 'unreachable'; readonly code: string };

/** What the operator asks Meta about businesses, and has Meta do for them. */
export interface MetaAccounts {
  /** The app's name; refused where id and secret do not belong together. */
  describeApp(app: AppCredentials): Promise<MetaAnswer<string>>;
  describeToken(token: string, app: AppCredentials): Promise<MetaAnswer<TokenFacts>>;
  describeNumber(id: PhoneNumberId, token: string): Promise<MetaAnswer<NumberFacts>>;
  /** The numbers of a WhatsApp Business Account. */
  listNumbers(accountId: string, token: string): Promise<MetaAnswer<readonly NumberFacts[]>>;
  /** Ids of the apps that get the account's webhooks. */
  listSubscribedApps(accountId: string, token: string): Promise<MetaAnswer<readonly string[]>>;
  /** Has the token's app get the account's webhooks. */
  subscribeApp(accountId: string, token: string): Promise<MetaAnswer<true>>;
  registerNumber(id: PhoneNumberId, pin: string, token: string): Promise<MetaAnswer<true>>;
  /** A code of Embedded Signup for a business token. */
  exchangeCode(code: string, app: AppCredentials): Promise<MetaAnswer<string>>;
}
