import { describe, expect, it } from 'vitest';
import { peerDollarsPerMillion } from '../../../../tools/cost/peers.ts';
import { inWords } from '../../../../tools/cost/print.ts';
import { processorsAlone } from '../../../../tools/cost/processors-alone.ts';
import { reportOf } from '../../../../tools/cost/report.ts';
import { USUAL_TRAFFIC } from '../../../../tools/cost/traffic.ts';
import { aScene, aUse } from './scene.ts';

const FACTS = { stage: 'prod', model: 'gpt-6-luna', vault: 'secrets-manager' } as const;

describe('the processors of the busiest minute', () => {
  const traffic = { peak: 2, modelSeconds: 4, conversationsADay: 86_400 };

  it('are as many as turns are at work', () => {
    expect(processorsAlone(aScene({ traffic }))).toBe(8);
  });

  it('are fewer where chats share a batch: they wait together, and compute one after the other', () => {
    expect(processorsAlone(aScene({ traffic: { ...traffic, chatsPerBatch: 4 } }))).toBe(2);
    const busy = aUse({ cpuMs: 1_000 * (512 / 1_769) });
    const { functions } = aScene().measured;
    const measured = { functions: { ...functions, processor: busy } };
    expect(processorsAlone(aScene({ traffic: { ...traffic, chatsPerBatch: 4 }, measured }))).toBe(
      4,
    );
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

  it('is written as tables', () => {
    expect(inWords(report)).toContain('| 10,000,000 | 1,500,000,000 |');
  });

  it('says which prices nobody has looked up', () => {
    expect(report.unsurePrices).toContain('keyMonth');
    expect(report.unsurePrices).not.toContain('lambdaGbSecond');
  });
});
