import type { AppId } from '#domain/ids.ts';
import type { PlatformSecrets } from './secret-source.ts';

/** By what a Meta app's webhooks prove themselves. */
export type WebhookSecrets = Pick<PlatformSecrets, 'appSecrets' | 'verifyTokens' | 'overlapEndsMs'>;

/** The secrets of apps that tenants brought; cached as those of `SecretSource`, for so many apps at most. */
export interface AppSecretSource {
  /** Ask for apps only that some tenant has. @throws SecretUnavailableError */
  app(id: AppId): Promise<WebhookSecrets>;
  /** As `refreshPlatform`, for one app. */
  refreshApp(id: AppId): Promise<boolean>;
}
