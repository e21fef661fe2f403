/**
 * - `before`: the request never reaches the peer
 * - `after`: the peer does what it was asked, and nobody hears of it
 */
export type Loss = 'before' | 'after';

/** Connections that break where a test wants it, around whatever a peer does. */
export class LostAnswers {
  readonly #next: Loss[] = [];
  /** Every request gets lost on its way. */
  isCut = false;

  loseNext(when: Loss): void {
    this.#next.push(when);
  }

  /** @throws Error where the caller has to break the connection */
  async around<Answer>(act: () => Answer | Promise<Answer>): Promise<Answer> {
    const loss = this.isCut ? 'before' : this.#next.shift();
    if (loss === 'before') throw new Error('The request is lost');
    const answer = await act();
    if (loss === 'after') throw new Error('The answer is lost');
    return answer;
  }
}
