/** The middle one, or halfway between both in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [below = Number.NaN, above = Number.NaN] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (below + above) / 2;
}

/**
 * Of what was measured side by side, so many times: how many times as much the one is as the other. The
 * machine's mood changes both of a round alike, so each round is divided by itself, and the middle counts.
 */
export function medianRatio(ours: readonly number[], others: readonly number[]): number {
  return median(ours.map((each, round) => each / (others[round] ?? Number.NaN)));
}
