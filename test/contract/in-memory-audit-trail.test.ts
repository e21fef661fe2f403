import { InMemoryAuditTrail } from '#adapters/in-memory/in-memory-audit-trail.ts';
import { ManualClock } from '#test/support/recorders.ts';
import { describeAuditTrail } from './audit-trail-suite.ts';

describeAuditTrail('in memory', async () => ({
  audit: new InMemoryAuditTrail(new ManualClock(1_790_400_000_000)),
  spoil: undefined,
  close: async () => {},
}));
