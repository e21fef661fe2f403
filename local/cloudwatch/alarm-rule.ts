import type { AlarmState } from './alarm-state.ts';
import { TokenReader } from './token-reader.ts';

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
  const tokens = new TokenReader(text, TOKEN, fail);
  const reader = new RuleReader(tokens);
  const rule = reader.any();
  tokens.end();
  return { rule, alarms: reader.alarms };
}

/** NOT binds closer than AND, and AND closer than OR. */
class RuleReader {
  readonly alarms: string[] = [];
  readonly #tokens: TokenReader;

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
  }

  any(): AlarmRule {
    const rules = [this.#all()];
    while (this.#tokens.takes('OR')) rules.push(this.#all());
    return (stateOf) => rules.some((rule) => rule(stateOf));
  }

  #all(): AlarmRule {
    const rules = [this.#one()];
    while (this.#tokens.takes('AND')) rules.push(this.#one());
    return (stateOf) => rules.every((rule) => rule(stateOf));
  }

  #one(): AlarmRule {
    if (this.#tokens.takes('NOT')) {
      const rule = this.#one();
      return (stateOf) => !rule(stateOf);
    }
    if (this.#tokens.takes('(')) {
      const rule = this.any();
      this.#tokens.demand(')');
      return rule;
    }
    if (this.#tokens.takes('TRUE')) return () => true;
    if (this.#tokens.takes('FALSE')) return () => false;
    const word = this.#tokens.next();
    const wanted = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
    if (!wanted) fail(`${word} is unknown here; there are ALARM, OK, INSUFFICIENT_DATA, NOT`);
    this.#tokens.demand('(');
    const alarm = this.#tokens.next().replaceAll('"', '');
    this.#tokens.demand(')');
    this.alarms.push(alarm);
    return (stateOf) => stateOf(alarm) === wanted;
  }
}

function fail(problem: string): never {
  throw new AlarmRuleError(problem);
}
