import { InMemoryAuditTrail } from '#adapters/in-memory/in-memory-audit-trail.ts';
import { describeAuditTrail } from './audit-trail-suite.ts';

describeAuditTrail('in memory', async () => ({
  audit: new InMemoryAuditTrail(),
  spoil: undefined,
  close: async () => {},
}));
