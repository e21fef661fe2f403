/** The entry at that part of a list; `chance` is a number in [0, 1). */
export function pickAt<Value>(values: readonly Value[], chance: number): Value {
  const value = values[Math.floor(chance * values.length)];
  if (value === undefined) throw new RangeError('There is nothing to pick from');
  return value;
}
