import type { Look } from '../judge/reconcile.ts';
import type { Witness } from '../targets/target.ts';

export interface Sampling {
  /** @returns the looks that were taken */
  stop(): Promise<readonly Look[]>;
}

/** Looks at the stack again and again; a look that fails leaves a gap. */
export function sample(witness: Pick<Witness, 'look' | 'everyMs'>): Sampling {
  const looks: Look[] = [];
  let looking: Promise<void> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    looking = witness
      .look()
      .then(
        (look) => void looks.push(look),
        () => undefined,
      )
      .finally(() => {
        isBusy = false;
      });
  }, witness.everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      return looks;
    },
  };
}
