import { expect, it } from 'vitest';
import { pictureDollars } from '../../../../tools/cost/pictures.ts';
import { aScene, aUse } from './scene.ts';

const GB = 1_024 ** 3;

it('asks for what a picture uses more than words, for its file and for looking at it', () => {
  const words = { ...aScene().measured.functions, processor: aUse({ writeUnits: 4 }) };
  const calls = { 's3:PUT': 4, 's3:GET': 2 };
  const pictures = {
    count: 2,
    functions: {
      ingest: aUse({ invocations: 2 }),
      processor: aUse({ invocations: 2, writeUnits: 10, calls }),
      events: aUse({ invocations: 2 }),
    },
  };
  const { aws, model } = pictureDollars(
    aScene({ measured: { functions: words, pictures } }),
    'gpt-6-luna',
  );
  const write = 1 * 0.625;
  // Three calls of 6 ms, at half a gigabyte.
  const time = 3 * 0.006 * 0.5 * 13.3334;
  const stored = 2 * 5 + 0.4 + ((1e6 * 200_000 * 3) / GB) * 0.023;
  const sent = ((1e6 * 200_000 * 4) / 3 / GB) * 0.09;
  expect(aws).toBeCloseTo(write + time + stored + sent, 4);
  // 1,200 tokens, counted as written into the cache.
  expect(model).toBe(150);
});
