import { describe, expect, it } from 'vitest';
import { limitsOf, processorsNeeded } from '../../../../tools/cost/capacity.ts';
import { peerDollarsPerMillion } from '../../../../tools/cost/peers.ts';
import { inWords } from '../../../../tools/cost/print.ts';
import { reportOf } from '../../../../tools/cost/report.ts';
import { USUAL_TRAFFIC } from '../../../../tools/cost/traffic.ts';
import { aScene } from './scene.ts';

const FACTS = { stage: 'prod', model: 'gpt-6-luna', vault: 'secrets-manager' } as const;

describe('the configuration', () => {
  const polled = ['processor', 'events', 'jobs'].map((folder) => ({
    folder,
    isFifo: false,
    maxConcurrency: 10,
    batchSize: 10,
  }));
  const scene = aScene({
    traffic: { peak: 2, modelSeconds: 4, memorySeconds: 2 },
    deployed: { polled },
  });

  it('holds what its concurrency does in a day, the peak taken off', () => {
    const limits = new Map(limitsOf(scene).map((each) => [each.part, each]));
    const aDay = (turnsASecond: number) => (turnsASecond * 86_400) / 2;
    expect(limits.get('processor')).toMatchObject({
      conversationsADay: aDay(100 / 4),
      withFullBatches: aDay(1_000 / 4),
    });
    expect(limits.get('jobs')).toMatchObject({
      conversationsADay: aDay(10 / 2),
      withFullBatches: aDay(100 / 2),
    });
    expect(limits.get('API')?.withFullBatches).toBe(aDay(2_000));
    expect([...limits.keys()][0]).toBe('jobs');
  });

  it('needs as many processors as turns are at work in the busiest minute', () => {
    const busy = aScene({ traffic: { peak: 2, modelSeconds: 4, conversationsADay: 86_400 } });
    expect(processorsNeeded(busy)).toBe(8);
  });
});

it('asks for the tokens as the ledger counts them, and for what is remembered once', () => {
  // 500 written into the cache at 0.125, 1,500 read at 0.01, 150 out at 0.5; 2,000 and 200 for five.
  const { model, meta } = peerDollarsPerMillion(USUAL_TRAFFIC, 'gpt-6-luna');
  expect(model).toBeCloseTo(153 + 350 / 5);
  expect(meta).toBe(3_400);
  expect(peerDollarsPerMillion({ ...USUAL_TRAFFIC, country: 'DE' }, 'gpt-6-luna').meta).toBe(
    55_200,
  );
});

describe('the report', () => {
  const report = reportOf(aScene({ traffic: { turns: 5 } }), FACTS);

  it('goes from a thousand to ten million conversations a day', () => {
    expect(report.months.map(({ conversationsADay }) => conversationsADay)).toEqual([
      1e3, 1e4, 1e5, 1e6, 1e7,
    ]);
    expect(report.months[0]?.messages).toBe(150_000);
    for (const { aws, awsPerMillion, messages, model, meta, total } of report.months) {
      expect(awsPerMillion).toBeCloseTo((aws / messages) * 1e6);
      expect(total).toBeCloseTo(aws + model + meta);
    }
  });

  it('gets cheaper by the message, by its tiers and what is there anyway', () => {
    const perMillion = report.months.map(({ awsPerMillion }) => awsPerMillion);
    expect(perMillion).toEqual([...perMillion].sort((one, other) => other - one));
  });

  it('names what is beyond the configuration', () => {
    expect(report.months.map(({ full }) => full.includes('processor'))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(inWords(report)).toContain('| 10,000,000 | 1,500,000,000 |');
  });

  it('says which prices nobody has looked up', () => {
    expect(report.unsurePrices).toContain('keyMonth');
    expect(report.unsurePrices).not.toContain('lambdaGbSecond');
  });
});
