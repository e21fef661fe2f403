import type { RandomBytes } from './random-bytes.ts';

/** Field markers as they stand in ids that Meta hands out; only their look matters, nobody may parse them. */
const HEAD = [0x1c, 0x18];
const MIDDLE = [0x15, 0x02, 0x00];

/**
 * A message id that looks like Meta's: `wamid.` and base64 of a small record that names the customer,
 * the direction and a random id in upper-case hex.
 */
export function makeWamid(
  direction: 'in' | 'out',
  contact: string,
  randomBytes: RandomBytes,
): string {
  const name = Buffer.from(contact, 'latin1').subarray(0, 255);
  const id = Buffer.from(
    Buffer.from(randomBytes(direction === 'in' ? 10 : 9))
      .toString('hex')
      .toUpperCase(),
  );
  const record = Buffer.concat([
    Buffer.from([...HEAD, name.length]),
    name,
    Buffer.from([...MIDDLE, direction === 'in' ? 0x12 : 0x11, 0x18, id.length]),
    id,
    Buffer.from([0x00]),
  ]);
  return `wamid.${record.toString('base64')}`;
}
