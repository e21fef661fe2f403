export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

type Stage = typeof CURRENT | typeof PREVIOUS;

export interface SecretVersion {
  readonly versionId: string;
  readonly secretString: string;
  readonly createdAtMs: number;
  readonly stages: readonly Stage[];
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** ARN of the customer-managed key that encrypts it. */
  readonly kmsKeyId?: string | undefined;
  readonly createdAtMs: number;
  /** Marked for deletion since then; until it is restored it cannot be read. */
  readonly deletedAtMs?: number | undefined;
  /** Newest first; none as long as nobody has put a value. */
  readonly versions: readonly SecretVersion[];
}
