/** What can go wrong with one call of a port or of a function. */
export const CALL_FAULTS = [
  'error-before',
  'error-after',
  'timeout-before',
  'timeout-after',
  'slow',
  'throttle',
  'partial',
  'crash-before',
  'crash-after',
  'freeze-before',
  'freeze-after',
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

/** A peer as faults name it: the first part of a call's name. */
export type Fault =
  /** The nth call of that name; `any` counts all calls. */
  | {
      readonly kind: 'call';
      readonly call: string;
      readonly nth: number;
      readonly fault: CallFault;
    }
  /** Every call whose name starts so, for a while. */
  | {
      readonly kind: 'outage';
      readonly calls: string;
      readonly fromMs: number;
      readonly untilMs: number;
      readonly fault: Extract<
        CallFault,
        | 'error-before'
        | 'timeout-before'
        | 'timeout-after'
        | 'throttle'
        | 'slow'
        | 'crash-before'
        | 'crash-after'
      >;
    }
  | { readonly kind: 'purge'; readonly atMs: number }
  /** All execution environments are replaced; what runs comes to its end. */
  | { readonly kind: 'deploy'; readonly atMs: number }
  /**
   * At `atMs` tables as they were at `snapshotAtMs` take the place of the tables. What runs goes on with the
   * old ones.
   */
  | { readonly kind: 'restore'; readonly snapshotAtMs: number; readonly atMs: number }
  /** The clock of every nth environment is off. */
  | { readonly kind: 'skew'; readonly every: number; readonly byMs: number };

/** The kinds that a run counts and prints. */
export const FAULT_NAMES = [
  'error',
  'timeout before effect',
  'timeout after effect',
  'slow',
  'duplicate',
  'reorder',
  'partial batch',
  'throttle',
  'crash',
  'visibility expiry',
  'clock skew',
  'purge',
  'deploy',
  'redelivery',
  'restore',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

export const NAME_OF_FAULT: Readonly<Record<CallFault, FaultName>> = {
  'error-before': 'error',
  'error-after': 'error',
  'timeout-before': 'timeout before effect',
  'timeout-after': 'timeout after effect',
  slow: 'slow',
  throttle: 'throttle',
  partial: 'partial batch',
  'crash-before': 'crash',
  'crash-after': 'crash',
  'freeze-before': 'visibility expiry',
  'freeze-after': 'visibility expiry',
};
