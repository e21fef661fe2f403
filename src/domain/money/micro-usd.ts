declare const brand: unique symbol;

/** US dollars in millionths: a whole number, so that sums are exact. Never negative. */
export type MicroUsd = number & { readonly [brand]: 'MicroUsd' };

const MICROS = 1_000_000;

/** Beyond ten million dollars somebody has mistyped a digit, and sums would come near to what is exact. */
const MOST_MICROS = 10_000_000 * MICROS;

function isMicroUsd(value: number): value is MicroUsd {
  return Number.isSafeInteger(value) && value >= 0;
}

/** A part of a millionth counts as a whole one. @throws RangeError for what is no amount */
export function microUsd(micros: number): MicroUsd {
  const whole = Math.ceil(micros);
  if (isMicroUsd(whole)) return whole;
  throw new RangeError(`${micros} is no amount of money in micro-dollars`);
}

export const NO_MONEY: MicroUsd = microUsd(0);

export function sumOf(amounts: readonly MicroUsd[]): MicroUsd {
  return microUsd(amounts.reduce((sum, each) => sum + each, 0));
}

/** Dollars as a person writes them, such as `12.50` or `0.000125`: up to six decimals. */
export function parseDollars(value: unknown): MicroUsd | undefined {
  const [, whole, decimals = ''] =
    /^(\d{1,8})(?:\.(\d{1,6}))?$/.exec(typeof value === 'number' ? plain(value) : text(value)) ??
    [];
  if (whole === undefined) return undefined;
  const micros = Number(whole) * MICROS + Number(decimals.padEnd(6, '0'));
  return micros <= MOST_MICROS ? microUsd(micros) : undefined;
}

/** `12.50`, or with as many decimals as it takes: `parseDollars` reads it back. */
export function inDollars(amount: MicroUsd): string {
  const decimals = String(amount % MICROS).padStart(6, '0');
  return `${Math.floor(amount / MICROS)}.${decimals.replace(/0{1,4}$/, '')}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** Without an exponent, which JavaScript gives to what is below a millionth. */
function plain(value: number): string {
  const written = String(value);
  return written.includes('e') ? '' : written;
}
