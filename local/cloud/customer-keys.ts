/** Which tables, queues and secrets are encrypted with a key of the template, by their ARNs. */
export class CustomerKeys {
  readonly #keys = new Map<string, string>();

  use(resourceArn: string, keyArn: string | undefined): void {
    if (keyArn !== undefined) this.#keys.set(resourceArn, keyArn);
  }

  /** Undefined where AWS's own key is used, which needs no permission. */
  keyOf(resourceArn: string): string | undefined {
    return this.#keys.get(resourceArn);
  }
}
