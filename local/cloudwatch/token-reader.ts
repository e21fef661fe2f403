/** Reads a text token by token, as the grammars of metric math and of composite alarms want it. */
export class TokenReader {
  readonly #tokens: readonly string[];
  readonly #fail: (problem: string) => never;
  #at = 0;

  /**
   * @param token sticky; its first group is the token, without what stands before it
   * @param fail throws the grammar's own error
   */
  constructor(text: string, token: RegExp, fail: (problem: string) => never) {
    this.#fail = fail;
    this.#tokens = this.#split(text.trimEnd(), token);
  }

  /** What comes next; undefined at the end. */
  get ahead(): string | undefined {
    return this.#tokens[this.#at];
  }

  takes(token: string): boolean {
    if (this.ahead !== token) return false;
    this.#at += 1;
    return true;
  }

  demand(token: string): void {
    if (!this.takes(token)) this.#fail(`${token} is missing`);
  }

  next(): string {
    const token = this.ahead ?? this.#fail('it ends too early');
    this.#at += 1;
    return token;
  }

  end(): void {
    if (this.ahead !== undefined) this.#fail(`"${this.ahead}" was not expected`);
  }

  #split(text: string, token: RegExp): readonly string[] {
    const tokens: string[] = [];
    token.lastIndex = 0;
    while (token.lastIndex < text.length) {
      const at = token.lastIndex;
      const found = token.exec(text)?.[1];
      tokens.push(found ?? this.#fail(`cannot be read at "${text.slice(at)}"`));
    }
    return tokens;
  }
}
