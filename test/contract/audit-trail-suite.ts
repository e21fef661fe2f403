import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionEnd, AuditTrail, OperatorAction } from '#app/ports/audit-trail.ts';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';

export interface AuditStage {
  readonly audit: AuditTrail;
  /** Puts an entry that no release has written; undefined where there can be none. */
  readonly spoil: ((tenant: TenantId) => Promise<void>) | undefined;
  close(): Promise<void>;
}

const NOW_MS = 1_790_400_000_000;
let actions = 0;

/** A tenant that no other test uses. */
function aNewTenant(): TenantId {
  actions += 1;
  return present(parseTenantId(`audited-${actions}`));
}

function anAction(over: Partial<OperatorAction> = {}): OperatorAction {
  actions += 1;
  return {
    id: `run-${actions}`,
    beganAtMs: NOW_MS,
    by: { arn: 'arn:aws:iam::000000000000:user/ann', claimedUser: 'ann' },
    command: 'tenant set',
    tenant: undefined,
    subject: undefined,
    options: ['--name'],
    fields: ['name'],
    ...over,
  };
}

function anEnd(over: Partial<ActionEnd> = {}): ActionEnd {
  return {
    endedAtMs: NOW_MS + 500,
    outcome: 'done',
    error: undefined,
    changed: ['name'],
    chats: [],
    ...over,
  };
}

/** What an audit trail promises, whoever implements it. */
export function describeAuditTrail(name: string, makeStage: () => Promise<AuditStage>): void {
  describe(name, () => {
    let stage: AuditStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    async function listed(tenant: TenantId | undefined, sinceMs = 0) {
      const { actions, unreadable } = await stage.audit.list({ tenant, sinceMs });
      expect(unreadable).toBe(0);
      return actions;
    }

    it('shows an action that was begun, and its end once there is one', async () => {
      const tenant = aNewTenant();
      const action = anAction({ tenant, subject: 'abc123', options: [], fields: [] });
      await stage.audit.begin(action);
      expect(await listed(tenant)).toEqual([{ ...action, end: undefined }]);
      const end = anEnd({ outcome: 'failed', error: 'OperatorError', chats: ['fff'] });
      await stage.audit.end(action, end);
      expect(await listed(tenant)).toEqual([{ ...action, end }]);
    });

    it('does not know who was at the machine where the machine does not', async () => {
      const tenant = aNewTenant();
      const action = anAction({ tenant, by: { arn: 'arn:aws:sts::1:x', claimedUser: undefined } });
      await stage.audit.begin(action);
      expect(await listed(tenant)).toEqual([{ ...action, end: undefined }]);
    });

    it('takes the same entry twice for one', async () => {
      const tenant = aNewTenant();
      const action = anAction({ tenant });
      await stage.audit.begin(action);
      await stage.audit.begin(action);
      await stage.audit.end(action, anEnd());
      await stage.audit.end(action, anEnd());
      expect(await listed(tenant)).toHaveLength(1);
    });

    it('keeps an entry as it is, whatever is written after it', async () => {
      const tenant = aNewTenant();
      const action = anAction({ tenant });
      await stage.audit.begin(action);
      await stage.audit.end(action, anEnd({ outcome: 'failed' }));
      // Whether it says so is the implementation's own affair.
      await stage.audit.begin({ ...action, command: 'tenant show' }).catch(() => {});
      await stage.audit.end(action, anEnd({ outcome: 'done' })).catch(() => {});
      expect(await listed(tenant)).toMatchObject([
        { command: 'tenant set', end: { outcome: 'failed' } },
      ]);
    });

    it('lists oldest first, from the given time on', async () => {
      const tenant = aNewTenant();
      const [late, early, middle] = [3_000, 1_000, 2_000].map((ms) =>
        anAction({ tenant, beganAtMs: NOW_MS + ms }),
      );
      for (const each of [late, early, middle]) await stage.audit.begin(present(each));
      const ids = async (sinceMs: number) => (await listed(tenant, sinceMs)).map(({ id }) => id);
      expect(await ids(NOW_MS)).toEqual([early?.id, middle?.id, late?.id]);
      expect(await ids(NOW_MS + 2_000)).toEqual([middle?.id, late?.id]);
    });

    it('keeps one tenant’s from another’s, and shows all and the platform’s together', async () => {
      const [one, other] = [aNewTenant(), aNewTenant()];
      const sinceMs = NOW_MS + 86_400_000;
      const [first, second, third] = [one, other, undefined].map((tenant, index) =>
        anAction({ tenant, beganAtMs: sinceMs + index }),
      );
      for (const each of [first, second, third]) await stage.audit.begin(present(each));
      expect(await listed(one)).toEqual([{ ...first, end: undefined }]);
      expect(await listed(undefined, sinceMs)).toEqual(
        [first, second, third].map((each) => ({ ...each, end: undefined })),
      );
    });

    it('shows the others beside an entry that it cannot read', async ({ skip }) => {
      if (!stage.spoil) return skip();
      const tenant = aNewTenant();
      await stage.audit.begin(anAction({ tenant }));
      await stage.spoil(tenant);
      const { actions, unreadable } = await stage.audit.list({ tenant, sinceMs: 0 });
      expect([actions.length, unreadable]).toEqual([1, 1]);
    });

    it('holds thousands of entries', async () => {
      const tenant = aNewTenant();
      const fields = Array.from({ length: 50 }, (_, index) => `field-of-a-long-name-${index}`);
      const many = Array.from({ length: 900 }, (_, index) =>
        anAction({ tenant, beganAtMs: NOW_MS + index, fields }),
      );
      await Promise.all(many.map((each) => stage.audit.begin(each)));
      expect((await listed(tenant)).map(({ id }) => id)).toEqual(many.map(({ id }) => id));
    });
  });
}
