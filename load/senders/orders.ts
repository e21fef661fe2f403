import { isObject, listAt } from '../../src/domain/json.ts';
import type { Side } from '../scenarios/scenario.ts';

/** To which numbers each side's customers write. */
export type Numbers = Readonly<Record<Side, readonly string[]>>;

/** What the senders are told, in artillery's processes: by their environment, and so by no file. */
export interface Orders {
  readonly appSecret: string;
  readonly numbers: Numbers;
  /** The folder of the ledger. */
  readonly ledger: string;
}

const [SECRET, NUMBERS, LEDGER] = ['LOAD_APP_SECRET', 'LOAD_NUMBERS', 'LOAD_LEDGER'] as const;

export function asEnvironment({ appSecret, numbers, ledger }: Orders) {
  return { [SECRET]: appSecret, [NUMBERS]: JSON.stringify(numbers), [LEDGER]: ledger };
}

let known: Orders | undefined;

export function readOrders(): Orders {
  known ??= ordersIn(process.env);
  return known;
}

function ordersIn(env: NodeJS.ProcessEnv): Orders {
  const numbers: unknown = JSON.parse(env[NUMBERS] ?? '{}');
  const of = (side: Side) =>
    (isObject(numbers) ? listAt(numbers, side) : []).filter((each) => typeof each === 'string');
  const [appSecret, ledger] = [env[SECRET], env[LEDGER]];
  if (!appSecret || !ledger) {
    throw new Error(`Senders want ${SECRET}, ${NUMBERS} and ${LEDGER}: run them by npm run load`);
  }
  return {
    appSecret,
    ledger,
    numbers: { any: of('any'), noisy: of('noisy'), quiet: of('quiet') },
  };
}
