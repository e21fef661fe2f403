import type { TenantId } from '#domain/ids.ts';
import type { WebhookField } from '#domain/secret/rotation.ts';

/** The platform's own secrets. Lists are tried in order: the current value first, then previous ones. */
export interface PlatformSecrets {
  readonly appSecrets: readonly string[];
  readonly verifyTokens: readonly string[];
  /** When an overlap ends, in milliseconds since the epoch; without one former values count as long as they lie there. */
  readonly overlapEndsMs?: Readonly<Record<WebhookField, number | undefined>>;
  readonly openAiApiKey: string | undefined;
}

export interface TenantSecrets {
  /** Bearer token for the Graph API. */
  readonly accessToken: string;
  /** What notices to the business's server are signed with: the current one first, a former one while it is rotated. */
  readonly noticesSecrets?: readonly string[];
}

/** Raised when a secret cannot be read or does not have its documented shape; never holds a value. */
export class SecretUnavailableError extends Error {
  override readonly name = 'SecretUnavailableError';
  /** `operator`: no value, one of the wrong shape, or no right to it. `time`: the vault does not answer now. */
  readonly needs: 'operator' | 'time';
  /** Nobody has put a value yet: the stage is not set up, rather than broken. */
  readonly isEmpty: boolean;

  constructor(
    message: string,
    options: ErrorOptions & { readonly needs: 'operator' | 'time'; readonly isEmpty?: boolean },
  ) {
    super(message, options);
    this.needs = options.needs;
    this.isEmpty = options.isEmpty ?? false;
  }
}

/** Values are cached for at most some minutes; a stale one is served while a new one is fetched. */
export interface SecretSource {
  /** @throws SecretUnavailableError */
  platform(): Promise<PlatformSecrets>;
  /** @throws SecretUnavailableError */
  tenant(id: TenantId): Promise<TenantSecrets>;
  /** Fetches again because a peer refused the value; at most once per interval. @returns whether it did */
  refreshPlatform(): Promise<boolean>;
  /** As `refreshPlatform`, for one tenant. */
  refreshTenant(id: TenantId): Promise<boolean>;
}
