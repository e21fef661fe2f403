import { expect, test } from 'vitest';
import { InMemorySecretVault } from '#adapters/in-memory/in-memory-secret-vault.ts';
import { InMemoryVaultMoves } from '#adapters/in-memory/in-memory-vault-moves.ts';
import { copySecret } from '#app/copy-secret.ts';
import { mirrorSecrets } from '#app/mirror-secrets.ts';
import type { SecretVault } from '#app/ports/secret-vault.ts';
import { TENANT_ID } from '#test/support/builders.ts';
import { ManualClock } from '#test/support/recorders.ts';

const OWNER = { kind: 'tenant', id: TENANT_ID } as const;

function twoVaults() {
  const clock = new ManualClock();
  return { from: new InMemorySecretVault(clock), to: new InMemorySecretVault(clock) };
}

async function tokenIn(vault: SecretVault): Promise<unknown> {
  const stored = await vault.read(OWNER);
  return stored && stored !== 'unreadable' ? stored.fields['accessToken'] : stored;
}

/** A vault in which something happens just before the first write. */
function interrupted(vault: SecretVault, happen: () => Promise<unknown>): SecretVault {
  let hasHappened = false;
  return {
    nameOf: (owner) => vault.nameOf(owner),
    read: (owner) => vault.read(owner),
    remove: (owner) => vault.remove(owner),
    write: async (owner, fields) => {
      if (!hasHappened) {
        hasHappened = true;
        await happen();
      }
      await vault.write(owner, fields);
    },
  };
}

test('copies what is there, and says what was the same, is absent or cannot be read', async () => {
  const { from, to } = twoVaults();
  expect(await copySecret(OWNER, { from, to })).toBe('absent');
  await from.write(OWNER, { accessToken: 't1', pin: '123456' });
  expect(await copySecret(OWNER, { from, to })).toBe('copied');
  expect(await to.read(OWNER)).toMatchObject({ fields: { accessToken: 't1', pin: '123456' } });
  expect(await copySecret(OWNER, { from, to })).toBe('same');
  from.read = async () => 'unreadable' as never;
  expect(await copySecret(OWNER, { from, to })).toBe('unreadable');
  expect(await tokenIn(to)).toBe('t1');
});

test('a value that is put while the former one is copied is what both hold in the end', async () => {
  const { from, to } = twoVaults();
  await from.write(OWNER, { accessToken: 't1' });
  const slow = interrupted(to, async () => {
    await from.write(OWNER, { accessToken: 't2' });
    await copySecret(OWNER, { from, to });
  });
  expect(await copySecret(OWNER, { from, to: slow })).toBe('copied');
  expect([await tokenIn(from), await tokenIn(to)]).toEqual(['t2', 't2']);
});

test('a secret that is removed while it is copied is in neither in the end', async () => {
  const { from, to } = twoVaults();
  await from.write(OWNER, { accessToken: 't1' });
  const slow = interrupted(to, () => from.remove(OWNER));
  expect(await copySecret(OWNER, { from, to: slow })).toBe('absent');
  expect(await tokenIn(to)).toBeUndefined();
});

test('who never gets to see the same twice gives up, without a value in the error', async () => {
  const { from, to } = twoVaults();
  let reads = 0;
  from.read = async () => {
    reads += 1;
    return { fields: { accessToken: `hush-${reads}` }, changedAtMs: 0 };
  };
  const error = await copySecret(OWNER, { from, to }).catch((each: unknown) => each);
  expect(error).toMatchObject({ name: 'SecretUnsettledError' });
  expect(String(error)).not.toContain('hush');
});

test('two who put at the same time leave the same value in both vaults', async () => {
  const { from, to } = twoVaults();
  const moves = new InMemoryVaultMoves();
  await moves.begin({ from: 'secrets-manager', to: 'tenants-table' });
  const deskOver = (table: SecretVault) =>
    mirrorSecrets({
      vaults: { 'secrets-manager': from, 'tenants-table': table },
      active: 'secrets-manager',
      moves,
    });
  const second = deskOver(to);
  const first = deskOver(interrupted(to, () => second.write(OWNER, { accessToken: 'second' })));
  await first.write(OWNER, { accessToken: 'first' });
  expect([await tokenIn(from), await tokenIn(to)]).toEqual(['second', 'second']);
});

test('the platform’s secret has one vault, also while tenants’ are on their way', async () => {
  const { from, to } = twoVaults();
  const moves = new InMemoryVaultMoves();
  await moves.begin({ from: 'secrets-manager', to: 'tenants-table' });
  const vaults = { 'secrets-manager': from, 'tenants-table': to };
  const vault = mirrorSecrets({ vaults, active: 'secrets-manager', moves });
  await vault.write({ kind: 'platform' }, { appId: '1' });
  expect(await to.read({ kind: 'platform' })).toBeUndefined();
});
