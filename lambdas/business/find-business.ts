import type { APIGatewayProxyEventV2WithIAMAuthorizer } from 'aws-lambda';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import { type PhoneNumberId, parsePhoneNumberId } from '#domain/ids.ts';
import { isCallerOf } from '#domain/tenant/api-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';

/** Whose number was asked for, and by whom. */
export interface Business {
  readonly tenant: Tenant;
  readonly phoneNumberId: PhoneNumberId;
  /** Name of the user or role that signed. */
  readonly caller: string;
}

/**
 * The one wall between tenants here: the number's tenant must name the caller, in its record of this minute.
 * @returns undefined for a number of nobody's or of another's alike
 */
export async function findBusiness(
  number: string,
  event: APIGatewayProxyEventV2WithIAMAuthorizer,
  { tenants }: { readonly tenants: TenantDirectory },
): Promise<Business | undefined> {
  const userArn: unknown = event.requestContext.authorizer?.iam?.userArn;
  const phoneNumberId = parsePhoneNumberId(number);
  if (typeof userArn !== 'string' || !phoneNumberId) return undefined;
  const tenant = await tenants.findByPhoneNumber(phoneNumberId);
  if (!tenant || tenant === 'misconfigured' || !isCallerOf(tenant.api, userArn)) return undefined;
  return { tenant, phoneNumberId, caller: nameOf(userArn) };
}

/** What follows `user/` or `assumed-role/`. */
function nameOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}
