import { randomBytes } from 'node:crypto';
import type { Ids } from '#app/ports/ids.ts';

/** Of 2⁴⁸ names; each is asked to differ from some forty others. */
export const systemIds: Ids = { next: () => randomBytes(6).toString('hex') };
