import { table } from '../table.ts';
import type { Outcome, Validation } from './validated.ts';

const MEASURES = [
  { name: 'messages a second', of: (each: Outcome) => each.messagesASecond },
  { name: 'answered after, mean, s', of: (each: Outcome) => each.meanSeconds },
  { name: '95 of 100, s', of: (each: Outcome) => each.p95Seconds },
  { name: 'drained after, s', of: (each: Outcome) => each.drainSeconds },
] as const;

/** What the document says of it: the stack, the model, and the error of the model in per cent. */
export function validationInWords({ rows, machine, validatedOn, alone }: Validation): string {
  const cells = (stack: Outcome, model: Outcome) =>
    MEASURES.map(
      ({ of }) =>
        `${of(stack).toFixed(2)} / ${of(model).toFixed(2)} (${error(of(stack), of(model))})`,
    );
  const tables = table(
    [
      'local stack / model (error)',
      'processors × batch',
      'messages',
      ...MEASURES.map(({ name }) => name),
    ],
    rows.map(({ name, processors, batchSize, messages, stack, model }) => [
      name,
      `${processors} × ${batchSize}`,
      String(messages),
      ...cells(stack, model),
    ]),
  );
  const errors = rows.flatMap(({ stack, model }) =>
    MEASURES.map(({ of }) => Math.abs(of(model) / of(stack) - 1)),
  );
  const mean = (100 * errors.reduce((sum, each) => sum + each, 0)) / errors.length;
  const most = 100 * Math.max(...errors);
  return `${tables}\n\nOn ${validatedOn}, ${machine}: the model is ${Math.round(mean)} % off on average, ${Math.round(most)} % at most. Of this machine it was told what a turn takes alone: ${ms(alone.ingest)} until the processor has it, ${ms(alone.cpu)} of the processor’s own time and ${ms(alone.calls)} of calls; of what happens with many side by side it was told nothing.`;
}

function error(stack: number, model: number): string {
  const percent = Math.round(100 * (model / stack - 1));
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

function ms(seconds: number): string {
  return `${Math.round(seconds * 1_000)} ms`;
}
