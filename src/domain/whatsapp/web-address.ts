const LONGEST = 2_000;

/** An address that a customer may be led to: of the web, whole, and without anybody's name or password. */
export function isWebAddress(address: string): boolean {
  if (
    address.length > LONGEST ||
    !/^https?:\/\/[^\s/?#@]+\.[^\s/?#@.]+(?:[/?#]\S*)?$/i.test(address)
  )
    return false;
  return URL.canParse(address);
}
