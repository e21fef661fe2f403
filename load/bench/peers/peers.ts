import type { Benchmark, How, Row, Section } from '../section.ts';
import { median } from '../statistics.ts';
import { sizedWebhooks } from '../webhooks.ts';
import { RECEIVER_NAMES, RECEIVERS, type ReceiverName } from './receiver.ts';
import { measured } from './receiver-process.ts';

/** How fast webhooks are received: ours, by hand, and by every public package with a receive path. */
export const peers: Benchmark = { name: 'peers', run };

async function run({ runs, say }: How): Promise<Section> {
  const webhooks = sizedWebhooks();
  const rounds = Math.ceil(runs / 3);
  const measurements = new Map<ReceiverName, number[][]>(RECEIVER_NAMES.map((name) => [name, []]));
  for (let nth = 0; nth < rounds; nth += 1) {
    say(`receivers, round ${nth + 1} of ${rounds}`);
    for (const receiver of RECEIVER_NAMES) {
      const { cpuUs } = await measured({ receiver, webhooks, probes: [] });
      measurements.get(receiver)?.push([...cpuUs]);
    }
  }
  const cpuOf = (receiver: ReceiverName) =>
    webhooks.map((_, size) =>
      median((measurements.get(receiver) ?? []).map((cpuUs) => cpuUs[size] ?? Number.NaN)),
    );
  return section(
    webhooks.map(({ name }) => name),
    new Map(RECEIVER_NAMES.map((name) => [name, cpuOf(name)])),
  );
}

function section(
  sizes: readonly string[],
  cpu: ReadonlyMap<ReceiverName, readonly number[]>,
): Section {
  const ours = cpu.get('ours') ?? [];
  const fastest = sizes.map((_, size) => {
    const others = RECEIVER_NAMES.filter((name) => name !== 'ours' && name !== 'floor');
    return Math.min(...others.map((name) => cpu.get(name)?.[size] ?? Number.NaN));
  });
  return {
    title: 'Receiving a webhook, beside public packages',
    explains: `Verify the signature over the raw bytes, parse, and read into typed messages: CPU for each webhook, warm, in microseconds, and as a multiple of ours. Each receiver runs in fresh processes of its own, one after the other, as its README has it; ours are the functions of the ingest bundle. The webhooks have 1, 8 and 115 updates, a quarter of the batches statuses.`,
    columns: [
      'receiver',
      ...sizes.map((size) => `${size}, µs`),
      ...sizes.map((size) => `${size}, of ours`),
    ],
    rows: RECEIVER_NAMES.map((name) => rowOf(name, cpu.get(name) ?? [], ours)),
    targets: sizes.map((size, nth) => ({
      what: `${size}: ours to the fastest package`,
      is: (ours[nth] ?? Number.NaN) / (fastest[nth] ?? Number.NaN),
      atMost: 1,
    })),
  };
}

function rowOf(name: ReceiverName, cpuUs: readonly number[], ours: readonly number[]): Row {
  const multiples = cpuUs.map((us, size) => us / (ours[size] ?? Number.NaN));
  return { name: RECEIVERS[name], cells: [...cpuUs, ...multiples] };
}
