import type { AppId, PhoneNumberId, TenantId } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';
import { SecretNotMirroredError } from './mirror-secrets.ts';
import type { SecretVault } from './ports/secret-vault.ts';
import type { TenantEntry, TenantRegister } from './ports/tenant-register.ts';

export interface TenantDeskDeps {
  readonly register: TenantRegister;
  readonly vault: SecretVault;
}

export type Added =
  | { readonly kind: 'added' }
  | { readonly kind: 'exists' }
  | NumberTaken
  | AppTaken;

export interface NumberTaken {
  readonly kind: 'number-taken';
  readonly phoneNumberId: PhoneNumberId;
  readonly by: TenantId | 'misconfigured' | undefined;
}

export interface AppTaken {
  readonly kind: 'app-taken';
  readonly app: AppId;
  readonly by: TenantId | 'misconfigured' | undefined;
}

/**
 * Adds a business so that no message reaches it half made.
 * 1. Its entry, which keeps its id from anybody else.
 * 2. Its secret.
 * 3. Its own app, where it has one, and its numbers: from here on messages come. Where one of them is
 *    another's, everything is taken back.
 */
export async function addTenant(
  entry: TenantEntry,
  secret: JsonObject,
  { register, vault }: TenantDeskDeps,
): Promise<Added> {
  const { id, app } = entry.tenant;
  const taken = await findTaken(entry, register);
  if (taken) return taken;
  if ((await register.create(entry)) === 'exists') return { kind: 'exists' };
  const owner = { kind: 'tenant', id } as const;
  const takeBack = async () => {
    for (const { phoneNumberId } of entry.numbers) await register.release(phoneNumberId, id);
    if (app) await register.releaseApp(app, id);
    await register.delete(id, 1);
  };
  try {
    await vault.write(owner, secret);
    const refused = (await claimApp(entry, register)) ?? (await claimNumbers(entry, register));
    if (!refused) return { kind: 'added' };
    await takeBack();
    await vault.remove(owner);
    return refused;
  } catch (error) {
    // What hindered one write may hinder this too: the first error says why.
    await takeBack().catch(() => undefined);
    // The whole is to be repeated, the copy with it.
    throw error instanceof SecretNotMirroredError ? error.cause : error;
  }
}

/** Claims one after the other. @returns the first that is another's */
export async function claimNumbers(
  { tenant, numbers }: TenantEntry,
  register: TenantRegister,
): Promise<NumberTaken | undefined> {
  for (const { phoneNumberId } of numbers) {
    if ((await register.claim(phoneNumberId, tenant.id)) === 'taken') {
      return { kind: 'number-taken', phoneNumberId, by: await register.ownerOf(phoneNumberId) };
    }
  }
  return undefined;
}

/** The tenant's own app, with the accounts as they are now. @returns undefined where it is the tenant's then */
export async function claimApp(
  { tenant: { id, app }, numbers }: TenantEntry,
  register: TenantRegister,
): Promise<AppTaken | undefined> {
  if (!app) return undefined;
  const accountIds = new Set(numbers.map(({ accountId }) => accountId));
  const own = { tenantId: id, accountIds: [...accountIds].filter((each) => each !== undefined) };
  if ((await register.claimApp(app, own)) === 'claimed') return undefined;
  return { kind: 'app-taken', app, by: await appOwner(app, register) };
}

export async function appOwner(
  app: AppId,
  register: TenantRegister,
): Promise<TenantId | 'misconfigured' | undefined> {
  const own = await register.findApp(app);
  return own === 'misconfigured' ? own : own?.tenantId;
}

/** Asked first, so that the usual mistake leaves no trace; the claim itself decides. */
async function findTaken(
  { tenant, numbers }: TenantEntry,
  register: TenantRegister,
): Promise<NumberTaken | AppTaken | undefined> {
  const { app } = tenant;
  const appBy = app && (await appOwner(app, register));
  if (app && appBy && appBy !== tenant.id) return { kind: 'app-taken', app, by: appBy };
  for (const { phoneNumberId } of numbers) {
    const by = await register.ownerOf(phoneNumberId);
    if (by !== undefined && by !== tenant.id) return { kind: 'number-taken', phoneNumberId, by };
  }
  return undefined;
}
