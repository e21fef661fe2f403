import type { Business } from './business.ts';
import { GraphError } from './graph-error.ts';

const DEFAULT_FIELDS = 'verified_name,display_phone_number,quality_rating';

export interface NumberState {
  readonly isRegistered: boolean;
}

/** `GET /{phone number id}?fields=…`. @throws GraphError 100 for a field that Meta does not have */
export function describeNumber(
  business: Business,
  state: NumberState,
  fields: string | null,
): object {
  const all = allFields(business, state);
  const asked = (fields ?? DEFAULT_FIELDS).split(',').map((field) => field.trim());
  const picked = asked.map((field): [string, unknown] => {
    if (!Object.hasOwn(all, field)) {
      throw new GraphError(100, {
        message: `(#100) Tried accessing nonexisting field (${field})`,
      });
    }
    return [field, all[field]];
  });
  return Object.fromEntries([...picked, ['id', business.phoneNumberId]]);
}

function allFields(
  business: Business,
  { isRegistered }: NumberState,
): Readonly<Record<string, unknown>> {
  const canSend = isRegistered ? 'AVAILABLE' : 'BLOCKED';
  const entity = { entity_type: 'PHONE_NUMBER', id: business.phoneNumberId };
  return {
    id: business.phoneNumberId,
    verified_name: business.name,
    display_phone_number: `+${business.displayPhoneNumber}`,
    quality_rating: 'GREEN',
    status: isRegistered ? 'CONNECTED' : 'PENDING',
    name_status: 'APPROVED',
    code_verification_status: 'VERIFIED',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    whatsapp_business_manager_messaging_limit: 'TIER_250',
    health_status: {
      can_send_message: canSend,
      entities: [{ ...entity, can_send_message: canSend }],
    },
    webhook_configuration: {},
  };
}
