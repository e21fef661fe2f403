import type { Benchmark, How, Section } from '../section.ts';
import type { Outcome } from './measure-receiver.ts';
import { type Probe, probes } from './probes.ts';
import { RECEIVER_NAMES, RECEIVERS, type ReceiverName } from './receiver.ts';
import { measured } from './receiver-process.ts';

/** How right those are that `peers` times: each is sent the same webhooks, once. */
export const peerCorrectness: Benchmark = { name: 'peer-correctness', run };

async function run({ say }: How): Promise<Section> {
  const sent = probes();
  const verdicts = new Map<ReceiverName, readonly Verdict[]>();
  for (const receiver of RECEIVER_NAMES) {
    say(`correctness of ${RECEIVERS[receiver]}`);
    const { outcomes } = await measured({ receiver, webhooks: [], probes: sent });
    verdicts.set(
      receiver,
      sent.map((probe, nth) => verdictOf(probe, outcomes[nth] ?? { threw: 'nothing' })),
    );
  }
  return section(sent, verdicts);
}

interface Verdict {
  readonly isRight: boolean;
  readonly says: string;
}

function section(
  sent: readonly Probe[],
  verdicts: ReadonlyMap<ReceiverName, readonly Verdict[]>,
): Section {
  const faultsOf = (name: ReceiverName) =>
    (verdicts.get(name) ?? []).filter(({ isRight }) => !isRight).length;
  const packages = RECEIVER_NAMES.filter((name) => name !== 'ours' && name !== 'floor');
  return {
    title: 'What each of them gets right',
    explains:
      'Webhooks that are forged, large or odd, sent to each receiver once. “right”: refused what is forged, and of everything else found each message with its id and its phone number id, and each status. @great-detail/whatsapp takes nothing apart, and hands Meta’s JSON on: what can be found there counts as found.',
    columns: ['webhook', ...RECEIVER_NAMES.map((name) => RECEIVERS[name])],
    rows: [
      ...sent.map(({ name }, nth) => ({
        name,
        cells: RECEIVER_NAMES.map((receiver) => verdicts.get(receiver)?.[nth]?.says),
      })),
      { name: 'faults', cells: RECEIVER_NAMES.map((name) => String(faultsOf(name))) },
    ],
    targets: [
      { what: 'faults of ours', is: faultsOf('ours'), atMost: 0 },
      {
        what: 'faults of the best package',
        is: Math.min(...packages.map(faultsOf)),
        atLeast: 1,
      },
    ],
  };
}

export function verdictOf({ wanted }: Probe, outcome: Outcome): Verdict {
  if ('threw' in outcome) return { isRight: false, says: `throws ${outcome.threw}` };
  if ('refused' in outcome) {
    const isRight = wanted === 'refused';
    return { isRight, says: isRight ? 'right' : 'refuses it' };
  }
  if (wanted === 'refused') return { isRight: false, says: 'takes it' };
  const messages = wanted.messages.filter(({ id }) =>
    outcome.messages.some((each) => each.id === id),
  );
  const statuses = wanted.statuses.filter((id) => outcome.statuses.includes(id));
  const numbered = wanted.messages.filter(({ id, phoneNumberId }) =>
    outcome.messages.some((each) => each.id === id && each.phoneNumberId === phoneNumberId),
  );
  const all = wanted.messages.length + wanted.statuses.length;
  const found = messages.length + statuses.length;
  if (found < all) return { isRight: false, says: `${found} of ${all}` };
  if (numbered.length < messages.length) {
    return { isRight: false, says: `number of ${numbered.length} of ${messages.length}` };
  }
  return { isRight: true, says: 'right' };
}
