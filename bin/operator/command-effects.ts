/**
 * What a command does to a running application:
 * - `reads`: it changes nothing and shows no customer's text; whatever would change something is taken
 *   from it (`reading-only.ts`)
 * - `audited`: it leaves an entry in the audit trail before it does anything, and one when it has ended
 * - `audited-with-text`: as `audited` with `--text`, else as `reads`
 */
export type Effect = 'reads' | 'audited' | 'audited-with-text';

/** Every command that talks to an application; one that is missing here is refused. */
export const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['tenant add', 'audited'],
  ['tenant connect', 'audited'],
  ['tenant list', 'reads'],
  ['tenant show', 'reads'],
  ['tenant set', 'audited'],
  ['tenant suspend', 'audited'],
  ['tenant resume', 'audited'],
  ['tenant remove', 'audited'],
  ['tenant schema', 'reads'],
  ['secret put', 'audited'],
  ['secret rotate', 'audited'],
  ['secret migrate', 'audited'],
  ['secret show-age', 'reads'],
  ['spend show', 'reads'],
  ['dead-letters list', 'reads'],
  ['dead-letters show', 'audited-with-text'],
  ['dead-letters redrive', 'audited'],
  ['chat list', 'reads'],
  ['chat show', 'audited-with-text'],
  ['chat export', 'audited'],
  ['chat erase', 'audited'],
  ['chat take', 'audited'],
  ['chat release', 'audited'],
  ['chat say', 'audited'],
  ['trace', 'audited-with-text'],
  ['audit list', 'reads'],
  ['doctor', 'reads'],
]);
