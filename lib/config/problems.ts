/** What is wrong with a value, or nothing; for lists of problems. */
export function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}

export function wholeNumber(name: string, value: number, least: number, most: number): string[] {
  return unless(
    Number.isInteger(value) && value >= least && value <= most,
    `${name}: ${value} is not a whole number from ${least} to ${most}`,
  );
}

export function isRegion(text: string): boolean {
  return /^[a-z]{2}(-[a-z]+)+-\d$/.test(text);
}
