import type { MarkedBlock } from '../documents/marked-block.ts';

/** Where the usual figures are written down. */
export const COST_TABLES: MarkedBlock = {
  file: 'docs/cost.md',
  command: 'npm run cost -- --write',
};
