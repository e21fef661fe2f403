import type { BurstWait } from '#domain/conversation/burst.ts';
import type { AppId, TenantId } from '#domain/ids.ts';
import type { HandOverSettings } from './handover-settings.ts';
import type { BusinessHours } from './hours.ts';
import type { IntegrationSettings } from './integration-settings.ts';
import type { MannersSettings } from './manners-settings.ts';
import type { MediaSettings } from './media-settings.ts';
import type { MemorySettings } from './memory-settings.ts';
import type { OptOutSettings } from './opt-out.ts';
import type { TenantTerms } from './terms.ts';

/** A business and how its assistant behaves. */
export interface Tenant extends TenantTerms, IntegrationSettings {
  readonly id: TenantId;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** What the business is and how the assistant should answer; trusted, written by the operator. */
  readonly instructions: string;
  /** Model id; undefined = the platform's default. */
  readonly model: string | undefined;
  /** Sent when no answer can be had in time. */
  readonly fallbackText: string;
  /** How long to wait whether the customer writes on. */
  readonly burstWait: BurstWait;
  /** The Meta app that it brought; undefined = the platform's, which all others share. */
  readonly app: AppId | undefined;
  /** For how many days what is said is kept; undefined = the platform's default. */
  readonly retentionDays: number | undefined;
  readonly optOut: OptOutSettings;
  readonly handOver: HandOverSettings;
  /** When people of the business are there; undefined = always. */
  readonly hours: BusinessHours | undefined;
  readonly manners: MannersSettings;
  readonly media: MediaSettings;
  readonly memory: MemorySettings;
}
