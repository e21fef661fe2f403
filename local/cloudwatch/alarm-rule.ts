import type { AlarmState } from './alarm-state.ts';

/** Whether a composite alarm is in ALARM, by the states of others; the names may be ARNs. */
export type AlarmRule = (stateOf: (alarm: string) => AlarmState) => boolean;

/** Raised for a rule that cannot be read; its message tells where. */
export class AlarmRuleError extends Error {
  override readonly name = 'AlarmRuleError';
}

/** Keywords, brackets, and names: in quotes, or bare up to the bracket that closes them. */
const TOKEN = /\s*(\(|\)|"[^"]*"|[^\s()"]+)/y;

const STATES: Readonly<Record<string, AlarmState>> = {
  ALARM: 'ALARM',
  OK: 'OK',
  INSUFFICIENT_DATA: 'INSUFFICIENT_DATA',
};

/** Reads an `AlarmRule` of a composite alarm. @returns it, and the alarms that it names */
export function parseAlarmRule(text: string): {
  readonly rule: AlarmRule;
  readonly alarms: readonly string[];
} {
  const reader = new RuleReader(tokensOf(text));
  const rule = reader.any();
  reader.end();
  return { rule, alarms: reader.alarms };
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(trimmed)?.[1];
    if (token === undefined) throw new AlarmRuleError(`cannot be read at "${trimmed.slice(at)}"`);
    tokens.push(token);
  }
  return tokens;
}

/** NOT binds closer than AND, and AND closer than OR. */
class RuleReader {
  readonly alarms: string[] = [];
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  any(): AlarmRule {
    const rules = [this.#all()];
    while (this.#takes('OR')) rules.push(this.#all());
    return (stateOf) => rules.some((rule) => rule(stateOf));
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail(`"${this.#tokens[this.#at]}" was not expected`);
  }

  #all(): AlarmRule {
    const rules = [this.#one()];
    while (this.#takes('AND')) rules.push(this.#one());
    return (stateOf) => rules.every((rule) => rule(stateOf));
  }

  #one(): AlarmRule {
    if (this.#takes('NOT')) {
      const rule = this.#one();
      return (stateOf) => !rule(stateOf);
    }
    if (this.#takes('(')) {
      const rule = this.any();
      this.#demand(')');
      return rule;
    }
    if (this.#takes('TRUE')) return () => true;
    if (this.#takes('FALSE')) return () => false;
    const word = this.#next();
    const wanted = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
    if (!wanted) this.#fail(`${word} is unknown here; there are ALARM, OK, INSUFFICIENT_DATA, NOT`);
    this.#demand('(');
    const alarm = this.#next().replaceAll('"', '');
    this.#demand(')');
    this.alarms.push(alarm);
    return (stateOf) => stateOf(alarm) === wanted;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #demand(token: string): void {
    if (!this.#takes(token)) this.#fail(`${token} is missing`);
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token ?? this.#fail('it ends too early');
  }

  #fail(problem: string): never {
    throw new AlarmRuleError(problem);
  }
}
