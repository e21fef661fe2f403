import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onceParentIsGone } from '../../local/parent.ts';

const { SIGINT, SIGTERM, SIGHUP } = constants.signals;

/** However the command ends, by Ctrl-C too: no folder of it stays behind, and no child process. */
export function leaveNothing(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  // What it starts has its folders in there as well.
  process.env['TMPDIR'] = folder;
  // A child that has just been ended may still be writing.
  const remove = { recursive: true, force: true, maxRetries: 5 };
  process.once('exit', () => rmSync(folder, remove));
  for (const [name, number] of Object.entries({ SIGINT, SIGTERM, SIGHUP })) {
    process.once(name, () => process.exit(128 + number));
  }
  onceParentIsGone(() => process.exit(128 + SIGHUP));
}
