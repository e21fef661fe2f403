import { type ApiSettings, NO_CALLERS } from './api-settings.ts';
import { NO_NOTICES, type NoticesSettings } from './notices-settings.ts';

/** By which doors the people and programs of a business come in, and are told. */
export interface DoorsSettings {
  readonly notices: NoticesSettings;
  readonly api: ApiSettings;
}

/** What holds for a tenant of which nothing else is said: it is told nothing, and nobody may call. */
export const DEFAULT_DOORS: DoorsSettings = { notices: NO_NOTICES, api: NO_CALLERS };
