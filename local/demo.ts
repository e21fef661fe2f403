import {
  type PhoneNumberId,
  parsePhoneNumberId,
  parseTenantId,
  type TenantId,
} from '#domain/ids.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { DEFAULT_MANNERS } from '#domain/tenant/manners-settings.ts';
import { DEFAULT_MEDIA } from '#domain/tenant/media-settings.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import { NO_NOTICES } from '#domain/tenant/notices-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import type { Business } from './whatsapp/business.ts';

export const APP_SECRET = 'local-app-secret';
export const VERIFY_TOKEN = 'local-verify-token';

/** A business of the demonstration: known to the concierge as a tenant, to WhatsApp as a number. */
export interface DemoBusiness {
  readonly tenant: Tenant;
  readonly phoneNumberId: PhoneNumberId;
  readonly accessToken: string;
  readonly displayPhoneNumber: string;
  readonly accountId: string;
  readonly portfolioId: string;
}

export const DEMO_BUSINESSES: readonly DemoBusiness[] = [
  demoBusiness(1, 'bakery', {
    name: 'Sunrise Bakery',
    purpose:
      'What the bakery sells, orders and their collection, opening hours, the way to the shop.',
    instructions:
      'You answer customers of Sunrise Bakery in Madrid: bread, cakes, orders, opening hours (8 to 20, closed on Mondays). Be brief and warm, in the language of the customer. Decline politely whatever has nothing to do with the bakery.',
    fallbackText:
      'Thank you for your message! Somebody of the bakery will get back to you shortly.',
  }),
  demoBusiness(2, 'clinic', {
    name: 'Riverside Clinic',
    purpose: 'Appointments, opening hours, directions and what to bring; no medical advice.',
    instructions:
      'You answer patients of Riverside Clinic: opening hours (9 to 18), directions, how to book. Give no medical advice; in an emergency refer to 112. Be brief and kind, in the language of the patient.',
    fallbackText: 'Thank you for writing. Our reception will answer you as soon as possible.',
  }),
];

function demoBusiness(
  number: number,
  id: string,
  {
    purpose,
    ...words
  }: Pick<Tenant, 'name' | 'instructions' | 'fallbackText'> & {
    readonly purpose: string;
  },
): DemoBusiness {
  return {
    tenant: {
      id: tenantId(id),
      status: 'active',
      model: undefined,
      burstWait: { kind: 'adaptive' },
      app: undefined,
      ...DEFAULT_TERMS,
      retentionDays: undefined,
      optOut: {},
      notices: NO_NOTICES,
      api: { callers: [`arn:aws:iam::000000000000:user/${id}-backend`] },
      handOver: DEFAULT_HAND_OVER,
      hours: undefined,
      manners: { ...DEFAULT_MANNERS, purpose },
      media: DEFAULT_MEDIA,
      memory: DEFAULT_MEMORY,
      ...words,
    },
    phoneNumberId: phoneNumberId(`10000000000000${number}`),
    accessToken: `local-token-${id}`,
    displayPhoneNumber: `1555010000${number}`,
    accountId: `20000000000000${number}`,
    portfolioId: `30000000000000${number}`,
  };
}

function tenantId(text: string): TenantId {
  const id = parseTenantId(text);
  if (!id) throw new RangeError(`${text} is no tenant id`);
  return id;
}

function phoneNumberId(text: string): PhoneNumberId {
  const id = parsePhoneNumberId(text);
  if (!id) throw new RangeError(`${text} is no phone number id`);
  return id;
}

/** As WhatsApp knows it. */
export function asWhatsAppBusiness(business: DemoBusiness): Business {
  const { tenant, accessToken, phoneNumberId, displayPhoneNumber, accountId, portfolioId } =
    business;
  return {
    name: tenant.name,
    phoneNumberId,
    displayPhoneNumber,
    accountId,
    portfolioId,
    accessTokens: [accessToken],
  };
}
