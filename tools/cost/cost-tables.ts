import type { MarkedBlock } from '../documents/marked-block.ts';

const command = 'npm run cost -- --write';

/** Where the few figures are that everybody should know. */
export const COST_IN_README: MarkedBlock = { file: 'README.md', command };

/** Where all of them are written down. */
export const COST_TABLES: MarkedBlock = { file: 'docs/cost.md', command };
