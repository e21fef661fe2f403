import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { present } from '#test/support/builders.ts';
import {
  type Limits,
  MOST_UPDATES,
  type Place,
  type Scenario,
} from '../../../load/scenarios/scenario.ts';
import { SCENARIOS, scenarioNamed } from '../../../load/scenarios/scenarios.ts';
import { scriptOf } from '../../../load/scenarios/script.ts';

const postsOf = ({ senders }: Scenario) =>
  senders.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      'post' in step ? Array.from({ length: step.times ?? 1 }, () => step.post) : [],
    ),
  );
const inBurst = present(scenarioNamed('burst'));

it('has what is asked for: a burst of 500, four statuses to one, a storm, Meta’s most in one webhook', () => {
  const kinds = (name: string) => postsOf(present(scenarioNamed(name))).map(({ kind }) => kind);
  expect(SCENARIOS.map(({ name }) => name)).toEqual([
    'steady',
    'burst',
    'quick',
    'statuses',
    'redeliveries',
    'batches',
    'noisy',
    'forged',
  ]);
  expect(inBurst.phases.deployed).toMatchObject([{ seconds: 4, senders: 500 }]);
  // Each stays longer than it takes until the last has come.
  expect(inBurst.senders[0]?.steps).toContainEqual({ pauseSeconds: 5 });
  expect(kinds('statuses').filter((kind) => kind === 'status')).toHaveLength(4);
  expect(kinds('redeliveries').filter((kind) => kind === 'again')).toHaveLength(9);
  expect(kinds('forged')).toContain('forged');
  const sizes = postsOf(present(scenarioNamed('batches'))).map(
    ({ messages = 0, statuses = 0 }) => messages + statuses,
  );
  expect(Math.max(...sizes)).toBe(MOST_UPDATES);
});

it('becomes a script of artillery, whose thresholds are those of the place', () => {
  const { config, scenarios } = scriptOf(inBurst, 'deployed', '/hooks.mjs');
  expect(config.phases).toEqual([{ name: 'from nobody to 500', duration: 4, arrivalCount: 500 }]);
  expect(config.ensure.thresholds).toEqual([
    { 'acknowledgement.median': 50 },
    { 'acknowledgement.p95': 250 },
    { 'acknowledgement.p99': 1_000 },
  ]);
  expect(config.ensure.conditions).toEqual([
    { expression: 'webhooks.sent - webhooks.right < 0.001 * webhooks.sent' },
  ]);
  const post = (kind: string) =>
    expect.objectContaining({
      post: expect.objectContaining({
        url: '/webhook',
        webhook: expect.objectContaining({ kind, side: 'any' }),
      }),
    });
  expect(scenarios[0]?.flow).toEqual([post('message'), { think: 5 }, post('status')]);
  const storm = scriptOf(present(scenarioNamed('redeliveries')), 'local', '/hooks.mjs');
  expect(storm.scenarios[0]?.flow[1]).toMatchObject({ count: 9, loop: [post('again')] });
});

it('tells no secret: a script is a file', () => {
  expect(JSON.stringify(scriptOf(inBurst, 'local', '/hooks.mjs'))).not.toMatch(/secret/i);
});

it.each(SCENARIOS)('$name stands in the document as it is', (scenario) => {
  const text = readFileSync('docs/load.md', 'utf8');
  expect(text).toContain(rowOf(scenario));
});

function rowOf({ name, what, phases, acknowledged, localOnly }: Scenario): string {
  const size = (place: Place) =>
    phases[place].map(
      ({ senders, seconds }) => `${senders.toLocaleString('en-US')} in ${seconds} s`,
    );
  const limits = ({ p50, p95, p99 }: Limits) =>
    [p50, p95, p99].map((ms) => ms.toLocaleString('en-US')).join(' / ');
  const cells = [
    `\`${name}\``,
    what,
    size('local').join(', '),
    limits(acknowledged.local),
    ...(localOnly === undefined
      ? [size('deployed').join(', '), limits(acknowledged.deployed)]
      : ['–', '–']),
  ];
  return `| ${cells.join(' | ')} |`;
}
