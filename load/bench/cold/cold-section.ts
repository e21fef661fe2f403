import type { Row, Section } from '../section.ts';
import { median, medianRatio } from '../statistics.ts';
import type { ColdStart } from './measure-cold.ts';

/** Which of the subjects is the limit of which. */
const FLOOR_OF: Readonly<Record<string, string>> = {
  ingest: 'ingest floor',
  'ingest floor, no facades': 'ingest floor',
  'processor, 1 chat': 'processor floor, 1 chat',
  'processor floor, 1 chat, no facades': 'processor floor, 1 chat',
  'processor, 10 chats': 'processor floor, 10 chats',
};

const EMPTY = 'empty handler';

interface MeasuredSubject {
  readonly name: string;
  /** What is loaded at the start, and all that lies beside it, such as a thread's code. */
  readonly handlerKb: number;
  readonly deployedKb: number;
  readonly starts: readonly ColdStart[];
}

export function coldSection(measured: readonly MeasuredSubject[]): Section {
  const cpuOf = (name: string | undefined) =>
    measured.find((each) => each.name === name)?.starts.map(({ bothCpuMs }) => bothCpuMs);
  const ratio = (name: string, other: string | undefined) => {
    const [ours, others] = [cpuOf(name), cpuOf(other)];
    return ours && others ? medianRatio(ours, others) : undefined;
  };
  return {
    title: 'Cold start',
    explains: EXPLAINS,
    columns: [
      'function',
      'handler KB',
      'all KB',
      'init CPU ms',
      'init wall ms',
      'first CPU ms',
      'first wall ms',
      'both CPU ms',
      '× empty',
      '× floor',
      'peak MB',
    ],
    rows: measured.map((each) => rowOf(each, ratio)),
    targets: [
      { what: 'ingest, init and first, to its floor', is: ratioOf('ingest'), atMost: 1.8 },
      {
        what: 'processor, 1 chat, init and first, to its floor',
        is: ratioOf('processor, 1 chat'),
        atMost: 1.6,
      },
    ],
  };

  function ratioOf(name: string): number {
    return ratio(name, FLOOR_OF[name]) ?? Number.NaN;
  }
}

function rowOf(
  { name, handlerKb, deployedKb, starts }: MeasuredSubject,
  ratio: (name: string, other: string | undefined) => number | undefined,
): Row {
  const firsts = starts.flatMap(({ first }) => (first ? [first] : []));
  const mid = (values: readonly number[]) => (values.length > 0 ? median(values) : undefined);
  return {
    name,
    cells: [
      handlerKb,
      deployedKb,
      mid(starts.map(({ init }) => init.cpuMs)),
      mid(starts.map(({ init }) => init.wallMs)),
      mid(firsts.map(({ cpuMs }) => cpuMs)),
      mid(firsts.map(({ wallMs }) => wallMs)),
      mid(starts.map(({ bothCpuMs }) => bothCpuMs)),
      ratio(name, EMPTY),
      ratio(name, FLOOR_OF[name]),
      mid(starts.map(({ peakMb }) => peakMb)),
    ],
  };
}

const EXPLAINS = `Every function's bundle of stage prod, with the template's variables, in a fresh process under AWS's runtime client, each once a round. *Init* is from the start of the process until it asks for its first event, *first* the first event until it asks for the next: ingest takes a signed webhook of 1 KB, the processor a ring of one chat or of ten, whose chats have a history. *Empty* is a handler that does nothing. A *floor* does the same work with what is built into Node and requests signed by hand: the limit of this runtime, not a proposal; *no facades* is the same floor with Node's modules fetched by *process.getBuiltinModule*, since an *import* of them loads what hides behind getters, such as all of *fetch*. Ratios are of CPU time, init and first together.`;
