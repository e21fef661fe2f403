/** How often it is looked at whether the parent is still there. */
const LOOK_MS = 500;

/** npm runs us in a shell, which dies of the signal that npm hands on and tells us nothing. */
export function onceParentIsGone(act: () => void): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    act();
  }, LOOK_MS).unref();
}
