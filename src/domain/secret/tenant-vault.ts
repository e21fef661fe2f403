/** What can keep the tenants' secrets; the platform's own are in Secrets Manager always. */
export const TENANT_VAULTS = ['secrets-manager', 'tenants-table'] as const;

export type TenantVault = (typeof TENANT_VAULTS)[number];

export function isTenantVault(text: unknown): text is TenantVault {
  return TENANT_VAULTS.some((name) => name === text);
}

export function otherVault(vault: TenantVault): TenantVault {
  return vault === 'secrets-manager' ? 'tenants-table' : 'secrets-manager';
}
