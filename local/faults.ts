/** Where a fault can be injected. `lambda:<name>` names a function by its folder under lambdas/. */
export type FaultPeer =
  | 'graph'
  | 'openai'
  /** Of its calls those that read conversations for what is to be remembered. */
  | 'memory-model'
  | 'dynamodb'
  | 'sqs'
  | 'secretsmanager'
  | 'kms'
  | 'sns'
  | 's3'
  | `lambda:${string}`;

/** One misbehaviour of a peer; the words are those of the simulator's fault API. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'graph'; readonly code: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'reset-after-effect' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'kill' }
  | { readonly kind: 'kill-caller' }
  | { readonly kind: 'kill-caller-after-effect' }
  | { readonly kind: 'throttle' };

/** Raised for a fault that nobody could inject; its message lists what there is. */
export class UnknownFaultError extends Error {
  override readonly name = 'UnknownFaultError';
}

const PEERS: readonly string[] = [
  'graph',
  'openai',
  'memory-model',
  'dynamodb',
  'sqs',
  'secretsmanager',
  'kms',
  'sns',
  's3',
];

export function isFaultPeer(text: string): text is FaultPeer {
  return PEERS.includes(text) || /^lambda:[a-z][a-z0-9-]*$/.test(text);
}

/** Reads a fault as it is written, such as `status:503`, `graph:131056`, `slow:500` or `kill`. */
export function parseFault(text: string): Fault {
  const [kind, argument, ...rest] = text.split(':');
  const number =
    argument !== undefined && /^\d{1,9}$/.test(argument) ? Number(argument) : undefined;
  if (rest.length === 0 && number !== undefined) {
    if (kind === 'status' && number >= 200 && number <= 599) return { kind, status: number };
    if (kind === 'graph') return { kind, code: number };
    if (kind === 'slow') return { kind, delayMs: number };
  }
  if (argument === undefined) {
    switch (kind) {
      case 'timeout':
      case 'reset-after-effect':
      case 'kill':
      case 'kill-caller':
      case 'kill-caller-after-effect':
      case 'throttle':
        return { kind };
    }
  }
  throw new UnknownFaultError(
    'Use status:<code>, graph:<error code>, timeout, reset-after-effect, slow:<ms>, kill, kill-caller, kill-caller-after-effect or throttle',
  );
}

interface Armed {
  readonly peer: FaultPeer;
  readonly fault: Fault;
  left: number;
}

/** The faults that are armed, first in first out per peer; each is used up after its number of times. */
export class Faults {
  #armed: Armed[] = [];

  arm(peer: FaultPeer, fault: Fault, times: number): void {
    this.#armed.push({ peer, fault, left: times });
  }

  /** What is armed for this peer is off again. */
  disarm(peer: FaultPeer): void {
    this.#armed = this.#armed.filter((each) => each.peer !== peer);
  }

  clear(): void {
    this.#armed = [];
  }

  /** The next fault for this peer that `wanted` accepts, counted as used. */
  take(peer: FaultPeer, wanted: (fault: Fault) => boolean = () => true): Fault | undefined {
    const armed = this.#armed.find((each) => each.peer === peer && wanted(each.fault));
    if (!armed) return undefined;
    armed.left -= 1;
    if (armed.left <= 0) this.#armed = this.#armed.filter((each) => each !== armed);
    return armed.fault;
  }

  list(): readonly { readonly peer: FaultPeer; readonly fault: Fault; readonly left: number }[] {
    return this.#armed;
  }
}
