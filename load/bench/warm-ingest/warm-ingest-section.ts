import type { Row, Section } from '../section.ts';
import { median, medianRatio } from '../statistics.ts';

/** The steps of ingest, in its order. */
const STEPS = ['signature', 'parse', 'normalise', 'store', 'ring'] as const;

export interface Measured {
  readonly sizes: readonly { readonly name: string; readonly bytes: number }[];
  /** Microseconds of CPU by size, one for each round. */
  readonly ours: readonly (readonly number[])[];
  readonly floor: readonly (readonly number[])[];
  /** By size, in the order of `STEPS`. */
  readonly steps: readonly (readonly number[])[];
}

/** Growth that is no longer called linear; what costs the same for every webhook makes it less. */
const LINEAR = 1.1;

export function warmIngestSection({ sizes, ours, floor, steps }: Measured): Section {
  const whole = sizes.map((_, size) => median(ours[size] ?? []));
  const ratios = sizes.map((_, size) => medianRatio(ours[size] ?? [], floor[size] ?? []));
  const row = (name: string, us: readonly number[]): Row => ({
    name,
    cells: us.flatMap((each, size) => [each, percent(each / (whole[size] ?? Number.NaN))]),
  });
  const rest = whole.map(
    (us, size) => us - (steps[size] ?? []).reduce((sum, each) => sum + each, 0),
  );
  return {
    title: 'Warm ingest',
    explains: EXPLAINS,
    columns: ['CPU', ...sizes.flatMap(({ name }) => [`${name}, µs`, 'share'])],
    rows: [
      row('ingest', whole),
      ...STEPS.map((step, nth) =>
        row(
          `– ${step}`,
          sizes.map((_, size) => steps[size]?.[nth] ?? Number.NaN),
        ),
      ),
      row('– runtime client, logs, metrics', rest),
      row(
        'floor',
        sizes.map((_, size) => median(floor[size] ?? [])),
      ),
      { name: 'ingest × floor', cells: ratios.flatMap((ratio) => [ratio, undefined]) },
    ],
    targets: [
      ...sizes.map(({ name }, size) => ({
        what: `${name}, to the floor`,
        is: ratios[size] ?? Number.NaN,
        atMost: 1.5,
      })),
      ...growths(sizes, whole),
    ],
  };
}

/** What a byte more costs in the larger webhook, to what it costs in the smaller one. */
function growths(sizes: Measured['sizes'], whole: readonly number[]) {
  return sizes.slice(1).map(({ name, bytes }, nth) => {
    const smaller = sizes[nth] ?? { name: '', bytes: Number.NaN };
    const perByte = (whole[nth + 1] ?? Number.NaN) / bytes;
    const before = (whole[nth] ?? Number.NaN) / smaller.bytes;
    return { what: `${name} to ${smaller.name}, per byte`, is: perByte / before, atMost: LINEAR };
  });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const EXPLAINS =
  "The bundle of stage prod in an environment that has served hundreds of webhooks, under AWS's runtime client, in turns with the floor: microseconds of CPU of the function's process for each webhook of 1, 8 and 115 updates, three messages to a status. Both store each message by one conditional write, ring in batches of ten and hand on statuses in batches of ten. Shares are of the same functions and adapters, each timed by itself; what is left is the runtime client, log lines and metrics.";
