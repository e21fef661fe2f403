/** As a person writes it: cents below a hundred dollars, whole dollars from there on. */
export function inDollars(dollars: number): string {
  const digits = dollars < 99.995 ? 2 : 0;
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
