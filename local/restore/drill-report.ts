import type { LocalCloud } from '../cloud/local-cloud.ts';
import type { Item } from '../dynamodb/dynamo-engine.ts';
import type { DrillClient } from './drill-client.ts';
import { CUSTOMERS, type Part } from './drill-scenario.ts';

/** What became of one customer's messages. */
export interface CustomerReport {
  readonly part: Part;
  /** Of each message that the tables know, oldest first. */
  readonly outcomes: readonly string[];
  readonly flag: string | undefined;
  /** What is on the customer's phone. */
  readonly texts: readonly string[];
}

/** What must have become of it, and what the drill shows by it. */
const EXPECTED: Readonly<
  Record<Part, { readonly what: string; readonly texts: number; readonly ends: readonly string[] }>
> = {
  before: {
    what: 'answered before the snapshot, and writes again afterwards',
    texts: 2,
    ends: ['answered answered'],
  },
  unproven: {
    what: 'reply perhaps sent, no status tells: not sent again',
    texts: 1,
    ends: ['maybe-answered'],
  },
  proven: {
    what: 'reply perhaps sent, a status comes afterwards',
    texts: 1,
    ends: ['answered', 'maybe-answered'],
  },
  thinking: {
    what: 'unanswered at the snapshot, answered since',
    texts: 1,
    ends: ['maybe-answered'],
  },
  lost: { what: 'written and answered in the lost time: gone', texts: 1, ends: [''] },
  redelivered: {
    what: 'as before, and delivered again afterwards',
    texts: 1,
    ends: ['maybe-answered'],
  },
  outage: {
    what: 'written while there was no table, taken afterwards',
    texts: 0,
    ends: ['maybe-answered'],
  },
  after: { what: 'written after the restore', texts: 1, ends: ['answered'] },
};

export async function reportOf(
  cloud: LocalCloud,
  client: DrillClient,
): Promise<readonly CustomerReport[]> {
  const table = cloud.functions.get('processor')?.definition.variables['CONVERSATIONS_TABLE'] ?? '';
  const items = await cloud.dynamodb.scan(table);
  const parts = Object.keys(EXPECTED).filter((name): name is Part => name in CUSTOMERS);
  return Promise.all(
    parts.map(async (part) => {
      const messages = items.filter((item) => item['waId']?.S === CUSTOMERS[part]).sort(byKey);
      // A chat goes by its contact's user id, where Meta tells one.
      const chats = new Set(messages.map((item) => item['pk']?.S));
      const heads = items.filter((item) => item['sk']?.S === 'HEAD' && chats.has(item['pk']?.S));
      return {
        part,
        outcomes: messages.map((item) => item['outcome']?.S ?? 'unfinished'),
        flag: heads.map((item) => item['flag']?.S).find(Boolean),
        texts: await client.textsTo(CUSTOMERS[part]),
      };
    }),
  );
}

function byKey(one: Item, other: Item): number {
  return (one['sk']?.S ?? '') < (other['sk']?.S ?? '') ? -1 : 1;
}

/** A line for each customer. */
export function linesOf(reports: readonly CustomerReport[]): readonly string[] {
  return reports.map(({ part, outcomes, flag, texts }) => {
    const found = [
      outcomes.join(', ') || 'not known any more',
      flag ? `flagged ${flag}` : '',
      `${texts.length} ${texts.length === 1 ? 'reply' : 'replies'} on the phone`,
    ];
    return `  ${part.padEnd(12)} ${EXPECTED[part].what}\n${' '.repeat(15)}${found.filter(Boolean).join('; ')}`;
  });
}

/** What is not as it must be; nobody may have heard the same twice. */
export function problemsIn(reports: readonly CustomerReport[]): readonly string[] {
  return reports.flatMap(({ part, outcomes, flag, texts }) => {
    const { texts: count, ends } = EXPECTED[part];
    const isLeft = outcomes.includes('maybe-answered');
    return [
      ...(new Set(texts).size < texts.length ? [`${part}: the same was said twice`] : []),
      ...(texts.length === count ? [] : [`${part}: ${texts.length} replies instead of ${count}`]),
      ...(ends.includes(outcomes.join(' ')) ? [] : [`${part}: ended as ${outcomes.join(', ')}`]),
      ...(isLeft && flag !== 'maybe-answered' ? [`${part}: no person sees it`] : []),
    ];
  });
}
