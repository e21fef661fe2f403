import { mean, quantile } from './book.ts';
import { isBackground, type Pressure, pressureBetween, usageNow } from './pressure.ts';
import { Service, type ServiceOptions } from './service.ts';

/** What came of a steady stream of messages. */
export interface Steady {
  readonly messagesASecond: number;
  /** As many as come are answered, none waits long in the queue, and hardly a webhook is refused. */
  readonly isHeld: boolean;
  /** As many statuses and jobs are done as come. */
  readonly isBackgroundHeld: boolean;
  readonly answeredASecond: number;
  /** Of a chat in the queue, in seconds: its own turns, which it waits for as well, are not in it. */
  readonly waits: { readonly mean: number; readonly median: number; readonly p95: number };
  /** From acceptance until the reply is out. */
  readonly answers: { readonly mean: number; readonly median: number; readonly p95: number };
  readonly chatsPerBatch: number;
  /** Seconds of a processor that a message takes, those of its invocation shared among its batch. */
  readonly processorSeconds: number;
  readonly processorsAtOnce: number;
  readonly pressures: readonly Pressure[];
}

export interface Span {
  readonly warmSeconds: number;
  readonly seconds: number;
}

/** Long enough for a thousand messages and more. */
function spanFor(messagesASecond: number): Span {
  return { warmSeconds: 40, seconds: Math.max(60, MESSAGES_COUNTED / messagesASecond) };
}

const MESSAGES_COUNTED = 1_500;

/** So much less may be done than comes: chance, and what is at work at the borders of the time that is counted. */
const missing = (of: number) => 0.02 * of + 3 * Math.sqrt(of);
/** A queue that grows is told by the wait before it is told by what is done. */
const LONG_WAIT_SECONDS = 5;
/** A customer whose webhook is refused waits for Meta. */
const REFUSED_SHARE = 0.01;

/** Runs the model with so many messages a second, and counts once it has come to rest. */
export function runSteady(
  options: ServiceOptions,
  messagesASecond: number,
  { warmSeconds, seconds }: Span = spanFor(messagesASecond),
): Steady {
  const service = new Service(options);
  const { timeline, book } = service.world;
  service.customers.start(messagesASecond);
  timeline.runUntil(warmSeconds);
  const before = usageNow(service);
  const { batches, entries } = service.poller;
  const { busySeconds } = service.pools.processor;
  book.isOpen = true;
  timeline.runUntil(warmSeconds + seconds);
  const pressures = pressureBetween(before, usageNow(service), seconds);
  const done = book.answered;
  const isDone = (what: number, of: number) => what >= of - missing(of);
  const answeredOf = done + book.late + book.kept;
  const waits = summary(book.beginnings);
  return {
    messagesASecond,
    isHeld:
      isDone(done, book.written) &&
      waits.p95 <= LONG_WAIT_SECONDS &&
      book.refused <= REFUSED_SHARE * book.written,
    isBackgroundHeld:
      isDone(book.jobs, book.replies) &&
      isDone(book.statuses, book.replies * options.work.statuses),
    answeredASecond: done / seconds,
    waits,
    answers: summary(book.answers),
    chatsPerBatch: (service.poller.entries - entries) / (service.poller.batches - batches),
    processorSeconds: (service.pools.processor.busySeconds - busySeconds) / answeredOf,
    processorsAtOnce: (service.pools.processor.busySeconds - busySeconds) / seconds,
    pressures,
  };
}

/** The part that is nearest to its end, of those that customers wait for. */
export function nearestTo(pressures: readonly Pressure[]): Pressure | undefined {
  const weight = ({ share, refused }: Pressure) => Math.max(share, refused > 0.01 ? 1 : 0);
  return pressures
    .filter(({ part }) => !isBackground(part))
    .toSorted((one, other) => weight(other) - weight(one))[0];
}

function summary(values: readonly number[]) {
  return { mean: mean(values), median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}
