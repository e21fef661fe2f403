import { type ApiSettings, NO_CALLERS } from './api-settings.ts';
import { NO_NOTICES, type NoticesSettings } from './notices-settings.ts';

/** How a business's own programs are told of its chats, and who of it may call the API. */
export interface IntegrationSettings {
  readonly notices: NoticesSettings;
  readonly api: ApiSettings;
}

/** What holds for a tenant of which nothing else is said: it is told nothing, and nobody may call. */
export const DEFAULT_INTEGRATION: IntegrationSettings = { notices: NO_NOTICES, api: NO_CALLERS };
