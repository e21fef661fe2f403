import { beforeEach, describe, expect, test } from 'vitest';
import type { InMemorySecretVault } from '#adapters/in-memory/in-memory-secret-vault.ts';
import { parsePhoneNumberId, parseTenantId, type TenantId } from '#domain/ids.ts';
import { aTenant, present } from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

let desk: Desk;
const [ONE, TWO, NEW] = ['one', 'two', 'new'].map((id) => present(parseTenantId(id))) as [
  TenantId,
  TenantId,
  TenantId,
];

beforeEach(async () => {
  desk = new Desk();
  for (const id of [ONE, TWO]) {
    await desk.register.create({ tenant: aTenant({ id }), numbers: [] });
    await desk.vault.write({ kind: 'tenant', id }, { accessToken: `hush-${id}` });
  }
});

function migrate(...args: readonly string[]): Promise<number> {
  return desk.run('secret', 'migrate', ...args, '--local');
}

async function tokens(vault: InMemorySecretVault): Promise<readonly unknown[]> {
  const owners = [ONE, TWO, NEW].map((id) => ({ kind: 'tenant', id }) as const);
  const stored = await Promise.all(owners.map((owner) => vault.read(owner)));
  return stored.flatMap((each) => (each ? [each.fields['accessToken']] : []));
}

const BOTH = ['hush-one', 'hush-two'];

describe('from one vault to the other', () => {
  test('copies, waits for the deployment, and clears what is read no more', async () => {
    expect(await migrate('--to', 'tenants-table')).toBe(0);
    expect(desk.out).toContain('Copied 2 secrets to tenants-table; 0 were there.');
    expect(desk.out).toContain('--vault tenants-table');
    expect(await tokens(desk.vault)).toEqual(BOTH);
    expect(await tokens(desk.tableVault)).toEqual(BOTH);

    expect(await migrate('--finish')).toBe(1);
    expect(desk.err).toContain('The functions read secrets-manager still. Nothing was changed');
    expect(await tokens(desk.vault)).toEqual(BOTH);

    desk.activeVault = 'tenants-table';
    expect(await migrate('--finish')).toBe(0);
    expect(desk.out).toContain('Removed 2 secrets from secrets-manager');
    expect(await tokens(desk.vault)).toEqual([]);
    expect(await tokens(desk.tableVault)).toEqual(BOTH);
    expect(await migrate('--finish', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toEqual({ finished: true, read: 'tenants-table', removed: 0 });
    expect(desk.out + desk.err).not.toContain('hush');
  });

  test('names the deployment of a stage', async () => {
    expect(await desk.run('secret', 'migrate', '--to', 'tenants-table', '--stage', 'staging')).toBe(
      0,
    );
    expect(desk.out).toContain('secrets.tenantVault of staging in bin/deployments.ts');
    expect(desk.out).toContain('npm run deploy -- staging');
    expect(desk.out).toContain('npx concierge secret migrate --finish --stage staging');
  });

  test('can be repeated, and copies what has changed since', async () => {
    await migrate('--to', 'tenants-table');
    await desk.vault.write({ kind: 'tenant', id: ONE }, { accessToken: 'by-hand' });
    expect(await migrate('--to', 'tenants-table', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toEqual({
      to: 'tenants-table',
      read: 'secrets-manager',
      tenants: 2,
      copied: 1,
      unchanged: 1,
      withoutSecret: [],
      unreadable: [],
      failed: [],
    });
    expect(await tokens(desk.tableVault)).toEqual(['by-hand', 'hush-two']);
  });

  test('goes back the same way', async () => {
    desk.activeVault = 'tenants-table';
    for (const id of [ONE, TWO]) {
      await desk.tableVault.write({ kind: 'tenant', id }, { accessToken: `newer-${id}` });
    }
    expect(await migrate('--to', 'secrets-manager')).toBe(0);
    expect(await tokens(desk.vault)).toEqual(['newer-one', 'newer-two']);
    desk.activeVault = 'secrets-manager';
    expect(await migrate('--finish')).toBe(0);
    expect(await tokens(desk.tableVault)).toEqual([]);
  });

  test('is abandoned before the deployment, and leaves all as it was', async () => {
    await migrate('--to', 'tenants-table');
    expect(await migrate('--to', 'secrets-manager')).toBe(1);
    expect(desk.err).toContain('on their way to tenants-table. Nothing was changed');
    expect(desk.err).toContain('npx concierge secret migrate --abandon --local');
    expect(await migrate('--abandon')).toBe(2);
    expect(desk.err).toContain('Say --yes to abandon it.');
    desk.reply = 'no';
    expect(await migrate('--abandon')).toBe(1);
    expect(await tokens(desk.tableVault)).toEqual(BOTH);
    desk.reply = 'secrets-manager';
    expect(await migrate('--abandon')).toBe(0);
    expect(await tokens(desk.vault)).toEqual(BOTH);
    expect(await tokens(desk.tableVault)).toEqual([]);
    expect(await desk.moves.current()).toBeUndefined();
  });

  test('removes nothing while a deployment is at work, or has just changed what is read', async () => {
    await migrate('--to', 'tenants-table');
    desk.deploying = ['concierge-staging-service'];
    for (const choice of [['--abandon', '--yes'], ['--finish']]) {
      expect(await migrate(...choice)).toBe(1);
      expect(desk.err).toContain('A deployment is at work on concierge-staging-service');
    }
    desk.deploying = [];
    desk.deployedVault = 'tenants-table';
    expect(await migrate('--abandon', '--yes')).toBe(1);
    expect(desk.err).toContain('was deployed just now and reads tenants-table');
    expect(await tokens(desk.tableVault)).toEqual(BOTH);
  });

  test('is not abandoned after the deployment', async () => {
    await migrate('--to', 'tenants-table');
    desk.activeVault = 'tenants-table';
    expect(await migrate('--abandon', '--yes')).toBe(1);
    expect(desk.err).toContain('too late to abandon the move. Nothing was removed');
    expect(desk.err).toContain('npx concierge secret migrate --finish --local');
    expect(await tokens(desk.vault)).toEqual(BOTH);
    expect(await tokens(desk.tableVault)).toEqual(BOTH);
  });
});

describe('meanwhile', () => {
  beforeEach(() => migrate('--to', 'tenants-table'));

  const put = (id: TenantId, token: string) => {
    desk.input = token;
    return desk.run('secret', 'put', 'access-token', '--tenant', id, '--no-check', '--local');
  };

  test.each(['secrets-manager', 'tenants-table'] as const)(
    'a token that is put goes into both, while %s is read',
    async (active) => {
      desk.activeVault = active;
      expect(await put(ONE, 'next-one')).toBe(0);
      expect(await tokens(desk.vault)).toEqual(['next-one', 'hush-two']);
      expect(await tokens(desk.tableVault)).toEqual(['next-one', 'hush-two']);
    },
  );

  test('a tenant that is added or removed is so in both', async () => {
    desk.input = 'hush-new';
    await desk.vault.write({ kind: 'platform' }, { appId: '1', appSecrets: ['s'] });
    const fields = [
      '--name',
      'New',
      '--number',
      '7000001',
      '--fallback-text',
      'Later.',
      '--purpose',
      'Sales.',
    ];
    const rest = ['--instructions-file', 'README.md', '--no-check', '--local'];
    expect(await desk.run('tenant', 'add', 'new', ...fields, ...rest), desk.err).toBe(0);
    expect(await tokens(desk.tableVault)).toEqual([...BOTH, 'hush-new']);
    expect(await desk.run('tenant', 'remove', 'two', '--yes', '--local')).toBe(0);
    expect(await tokens(desk.vault)).toEqual(['hush-one', 'hush-new']);
    expect(await tokens(desk.tableVault)).toEqual(['hush-one', 'hush-new']);
    expect(await desk.register.ownerOf(present(parsePhoneNumberId('7000001')))).toBe(NEW);
  });

  test('the doctor says that it is to be finished', async () => {
    await desk.run('doctor', '--no-check', '--local');
    expect(desk.out).toContain(
      "Tenants' secrets are on their way to tenants-table; the functions read secrets-manager",
    );
    desk.activeVault = 'tenants-table';
    await desk.run('doctor', '--no-check', '--local');
    expect(desk.out).toContain('npx concierge secret migrate --finish --local');
  });
});

describe('what goes wrong', () => {
  test('a move that somebody else abandons meanwhile is not reported as done', async () => {
    const read = desk.tableVault.read.bind(desk.tableVault);
    desk.tableVault.read = async (owner) => {
      desk.tableVault.read = read;
      await desk.moves.end();
      return read(owner);
    };
    expect(await migrate('--to', 'tenants-table')).toBe(1);
    expect(desk.err).toContain('Somebody else has ended this move');
    expect(await migrate('--to', 'tenants-table')).toBe(0);
  });

  test('a move that somebody else begins while copies are removed is told', async () => {
    await migrate('--to', 'tenants-table');
    const remove = desk.tableVault.remove.bind(desk.tableVault);
    desk.tableVault.remove = async (owner) => {
      await desk.moves.begin({ from: 'secrets-manager', to: 'tenants-table' });
      return remove(owner);
    };
    expect(await migrate('--abandon', '--yes')).toBe(1);
    expect(desk.err).toContain('Somebody else has begun to copy secrets to tenants-table');
  });

  test('a token that is stored and not copied is told to be so, and is in the audit trail', async () => {
    await migrate('--to', 'tenants-table');
    desk.tableVault.write = () => Promise.reject(new Error('throttled'));
    desk.input = 'next-one';
    const put = ['secret', 'put', 'access-token', '--tenant', ONE, '--no-check', '--local'];
    expect(await desk.run(...put)).toBe(1);
    expect(desk.err).toContain('is stored and in effect, but not copied to tenants-table');
    expect(desk.err).toContain('npx concierge secret migrate --to tenants-table');
    expect(desk.err).not.toContain('next-one');
    expect(await tokens(desk.vault)).toEqual(['next-one', 'hush-two']);
    const { actions } = await desk.audit.list({ tenant: ONE, sinceMs: 0 });
    expect(actions).toMatchObject([{ end: { outcome: 'failed', changed: ['access-token'] } }]);
  });

  test('at one tenant is told, holds up no other, and is made up for by the next run', async () => {
    const write = desk.tableVault.write.bind(desk.tableVault);
    desk.tableVault.write = async (owner, fields) => {
      if (owner.kind === 'tenant' && owner.id === ONE) throw new Error('throttled');
      return write(owner, fields);
    };
    expect(await migrate('--to', 'tenants-table')).toBe(1);
    expect(desk.err).toContain('Not copied: one (Error: throttled). Run the same again.');
    expect(await tokens(desk.tableVault)).toEqual(['hush-two']);
    desk.activeVault = 'tenants-table';
    expect(await migrate('--finish')).toBe(1);
    expect(desk.err).toContain('Not in tenants-table: the secret of one. Nothing was removed');
    desk.tableVault.write = write;
    expect(await migrate('--to', 'tenants-table')).toBe(0);
    expect(desk.out).toContain('Copied 1 secret to tenants-table; 1 was there.');
    expect(await migrate('--finish')).toBe(0);
  });

  test('a stage that was deployed first is filled, over nothing that is newer', async () => {
    desk.activeVault = 'tenants-table';
    await desk.tableVault.write({ kind: 'tenant', id: TWO }, { accessToken: 'newer-two' });
    expect(await migrate('--to', 'tenants-table')).toBe(0);
    expect(await tokens(desk.tableVault)).toEqual(['hush-one', 'newer-two']);
    expect(await tokens(desk.vault)).toEqual(BOTH);
    expect(await migrate('--finish')).toBe(0);
    expect(await tokens(desk.vault)).toEqual([]);
  });

  test('tenants without a secret are named, and secrets that cannot be read are to be put', async () => {
    await desk.vault.remove({ kind: 'tenant', id: ONE });
    expect(await migrate('--to', 'tenants-table')).toBe(0);
    expect(desk.out).toContain('1 tenant without a secret: one');
    desk.vault.read = async () => 'unreadable' as never;
    expect(await migrate('--to', 'tenants-table')).toBe(1);
    expect(desk.err).toContain('No JSON object, so not copied: one two');
  });

  test.each([[[]], [['--to', 'tenants-table', '--finish']], [['--finish', '--abandon']]])(
    '%j is refused with exit code 2',
    async (args) => {
      expect(await migrate(...args)).toBe(2);
      expect(desk.err).toContain('Say one of --to <vault>, --finish and --abandon');
    },
  );

  test('there are two vaults', async () => {
    expect(await migrate('--to', 'my-pocket')).toBe(2);
    expect(desk.err).toContain('Allowed choices are secrets-manager, tenants-table');
  });
});
