import type { ChildProcess } from 'node:child_process';

/** Ends a child process with this one, also where a signal ends this one and nobody waits for anything. */
export function endsWithUs<Child extends ChildProcess>(child: Child): Child {
  const end = () => child.kill('SIGKILL');
  // Before folders are removed into which it writes.
  process.prependListener('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}
