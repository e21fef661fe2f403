import { type Limits, MOST_UPDATES, type Scenario, type Step } from './scenario.ts';

/** Meta asks for a median of 250 ms and less than one in a hundred above a second. */
const DEPLOYED: Limits = { p50: 50, p95: 250, p99: 1_000 };

/** Customers, functions, tables and peers share two cores: this says that nothing stalls, and no more. */
const LOCAL: Limits = { p50: 6_000, p95: 9_000, p99: 10_000 };

const USUAL = { local: LOCAL, deployed: DEPLOYED };

const message = { post: { kind: 'message' } } as const;

/** Of each five updates one is a message. */
function batch(updates: number, times: number): Step {
  const messages = updates / 5;
  return { post: { kind: 'batch', messages, statuses: updates - messages }, times };
}

const status = { post: { kind: 'status' } } as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'steady',
    what: 'Customers come evenly, each with one message.',
    senders: [{ name: 'a customer', steps: [message] }],
    phases: {
      local: [{ name: 'evenly', seconds: 30, senders: 150 }],
      deployed: [{ name: 'evenly', seconds: 120, senders: 1_200 }],
    },
    acknowledged: { local: { p50: 250, p95: 1_000, p99: 2_500 }, deployed: DEPLOYED },
  },
  {
    name: 'burst',
    what: 'From nobody to 500 senders at once within four seconds; each writes, stays connected, and its phone tells that the answer is read.',
    senders: [{ name: 'a customer', steps: [message, { pauseSeconds: 5 }, status] }],
    phases: {
      local: [{ name: 'from nobody to 500', seconds: 4, senders: 500 }],
      deployed: [{ name: 'from nobody to 500', seconds: 4, senders: 500 }],
    },
    acknowledged: USUAL,
  },
  {
    name: 'quick',
    what: 'Each customer writes six messages, three in a second, which become one turn or few.',
    senders: [
      {
        name: 'a customer in a hurry',
        steps: [{ ...message, times: 6, pauseSeconds: 0.3 }],
      },
    ],
    phases: {
      local: [{ name: 'in a hurry', seconds: 10, senders: 40 }],
      deployed: [{ name: 'in a hurry', seconds: 30, senders: 300 }],
    },
    acknowledged: USUAL,
  },
  {
    name: 'statuses',
    what: 'Four status webhooks to each message, as they come when a business is talkative.',
    senders: [{ name: 'a customer and her phone', steps: [message, { ...status, times: 4 }] }],
    phases: {
      local: [{ name: 'evenly', seconds: 15, senders: 100 }],
      deployed: [{ name: 'evenly', seconds: 60, senders: 1_200 }],
    },
    acknowledged: USUAL,
  },
  {
    name: 'redeliveries',
    what: 'Each webhook comes nine times more, at once after the first.',
    senders: [
      {
        name: 'Meta in doubt',
        steps: [message, { post: { kind: 'again' }, times: 9 }],
      },
    ],
    phases: {
      local: [{ name: 'a storm', seconds: 10, senders: 60 }],
      deployed: [{ name: 'a storm', seconds: 30, senders: 600 }],
    },
    acknowledged: USUAL,
  },
  {
    name: 'batches',
    what: 'Each sender posts five webhooks of ten updates, one of a hundred and one of a thousand, Meta’s most; one message to four statuses.',
    senders: [
      {
        name: 'Meta after a pause',
        steps: [batch(10, 5), batch(100, 1), batch(MOST_UPDATES, 1)],
      },
    ],
    phases: {
      local: [{ name: 'large webhooks', seconds: 20, senders: 2 }],
      deployed: [{ name: 'large webhooks', seconds: 30, senders: 6 }],
    },
    // A thousand writes take longer than one.
    acknowledged: {
      local: { p50: 1_000, p95: 7_000, p99: 10_000 },
      deployed: { p50: 250, p95: 2_500, p99: 5_000 },
    },
  },
  {
    name: 'noisy',
    what: 'A hundred customers of one tenant in the time in which four of another write, who must not wait for all of them.',
    senders: [
      { name: 'a customer of the noisy tenant', side: 'noisy', weight: 24, steps: [message] },
      { name: 'a customer of the quiet tenant', side: 'quiet', weight: 1, steps: [message] },
    ],
    phases: {
      local: [{ name: 'one is noisy', seconds: 15, senders: 400 }],
      deployed: [{ name: 'one is noisy', seconds: 30, senders: 3_000 }],
    },
    acknowledged: USUAL,
    quietAnsweredMs: 20_000,
    localOnly:
      'it needs two tenants whose customers are nobody, and a stage has one, the canary’s (docs/load.md)',
  },
  {
    name: 'forged',
    what: 'Every third webhook is signed wrongly, with another secret, for another body, by half or not at all, and is refused with 401.',
    senders: [
      {
        name: 'Meta, and somebody who is not',
        steps: [message, { post: { kind: 'forged' } }, status],
      },
    ],
    phases: {
      local: [{ name: 'mixed', seconds: 10, senders: 80 }],
      deployed: [{ name: 'mixed', seconds: 30, senders: 600 }],
    },
    acknowledged: USUAL,
  },
];

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((each) => each.name === name);
}
