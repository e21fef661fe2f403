import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sliceOf } from './deployment.ts';
import { grown, partsFor } from './hold.ts';
import type { Planning } from './plan.ts';
import { type CapacityReport, NEEDED_BY } from './report.ts';
import { runSteady } from './steady.ts';

/** As load/plots/draw.mjs takes it; only drawing needs that package. */
interface Plot {
  readonly title: string;
  readonly x: { readonly name: string; readonly isLogarithmic?: boolean };
  readonly y: { readonly name: string; readonly isLogarithmic?: boolean };
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

const FOLDER = join('docs', 'scale');

/** Draws what the document shows. @param draw gives an SVG document */
export function writePlots(
  report: CapacityReport,
  planning: Planning,
  draw: (plot: Plot) => string,
): readonly string[] {
  mkdirSync(FOLDER, { recursive: true });
  return Object.entries(plotsOf(report, planning)).map(([name, plot]) => {
    const file = join(FOLDER, `${name}.svg`);
    writeFileSync(file, draw(plot));
    return file;
  });
}

function plotsOf(report: CapacityReport, planning: Planning): Readonly<Record<string, Plot>> {
  return {
    'answer-time': answerTime(report, planning),
    'processors-needed': processorsNeeded(report),
    'after-an-outage': afterAnOutage(report),
  };
}

const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05];

function answerTime({ configurations, stage }: CapacityReport, planning: Planning): Plot {
  const { deployment, scenario } = planning;
  const holds = configurations.find((each) => each.deployment === deployment)?.hold;
  const most = holds?.messagesASecond ?? 0;
  const runs = SHARES.map((share) => {
    const parts = partsFor(deployment, most);
    const slice = grown(sliceOf(deployment, parts));
    const steady = runSteady({ ...scenario, deployment: slice }, (share * most) / parts);
    return { rate: Number((share * most).toFixed(1)), steady };
  });
  const line = (name: string, read: (run: (typeof runs)[number]['steady']) => number) => ({
    name,
    points: runs.map(({ rate, steady }) => [rate, Number(read(steady).toFixed(2))] as const),
  });
  return {
    title: `From message to answer, stage ${stage}`,
    x: { name: 'messages a second' },
    y: { name: 'seconds; chats' },
    lines: [
      line('answered, half', ({ answers }) => answers.median),
      line('answered, 95 of 100', ({ answers }) => answers.p95),
      line('of that in the queue, 95 of 100', ({ waits }) => waits.p95),
      line('chats to a batch', ({ chatsPerBatch }) => chatsPerBatch),
    ],
  };
}

function processorsNeeded({ needed }: CapacityReport): Plot {
  return {
    title: 'Processors that a size needs',
    x: { name: 'conversations a day', isLogarithmic: true },
    y: { name: 'processors', isLogarithmic: true },
    lines: NEEDED_BY.map(({ modelSeconds, batchSize }, index) => ({
      name: `model ${modelSeconds} s, batches of ${batchSize}`,
      points: needed.map(
        ({ conversationsADay, reserved }) => [conversationsADay, reserved[index] ?? 0] as const,
      ),
    })),
  };
}

/** By what comes in a second, so that sizes can be compared. */
function afterAnOutage({ outages }: CapacityReport): Plot {
  return {
    title: 'What waits, in and after an outage from minute 0 to 60',
    x: { name: 'minutes' },
    y: { name: 'messages that came in so many seconds', isLogarithmic: true },
    lines: outages.map(({ kind, messagesASecond, series }) => ({
      name: `the ${kind}, ${Math.round(messagesASecond)} a second`,
      points: series
        .filter((_, index) => index % 6 === 0)
        .map(([seconds, waiting]) => [
          Number((seconds / 60).toFixed(1)),
          Math.max(1, Math.round(waiting / messagesASecond)),
        ]),
    })),
  };
}
