/** How a stage's tables come back: docs/runbooks/restore.md, docs/adr/035. */
export interface RecoveryConfig {
  /**
   * To every second of so many days the tables can be put back, 1 to 35. What is erased can still be got
   * back for as long.
   */
  readonly pointInTimeDays: number;
  /**
   * Daily copies in a vault of their own, under a key of their own: for when the tables or their key are
   * gone, or somebody with the right to delete them is the trouble.
   * @default - none
   */
  readonly backups?: BackupConfig;
  /**
   * Other regions that hold a replica of both tables. For a stage that was never deployed: the tables are
   * then of another type, and CloudFormation refuses to turn one into the other. One region answers at a
   * time: conditional writes hold in their own region only (docs/adr/035).
   * @default - none
   */
  readonly replicas?: readonly ReplicaConfig[];
}

export interface ReplicaConfig {
  readonly region: string;
  /** A customer managed key of that region, for the replica of both tables. */
  readonly keyArn: string;
}

export interface BackupConfig {
  /** 7 to 35. No more than 35, so that what is erased is gone from the backups, too, after as long. */
  readonly retentionDays: number;
  /**
   * A second region, with a vault and a key of its own in a stack of its own; needs `env` and a
   * bootstrapped region.
   * @default - the backups stay in the stage's region
   */
  readonly copyTo?: { readonly region: string };
  /**
   * `governance`: who may change the vault may take the lock off. `compliance`: three days after the
   * deployment nobody can, not even AWS, and the backups stay for as long as they were meant to.
   * @default - no lock
   */
  readonly vaultLock?: 'governance' | 'compliance';
  /**
   * Restores the newest backups of that day into tables that are deleted again, so that it is known that
   * they can be; a failed one raises backup-failed. Paid by the gigabyte.
   * @default - never
   */
  readonly testRestores?: 'weekly' | 'monthly';
}

/** What serves after a restore, in the place of the stack's own tables: docs/runbooks/restore.md. */
export interface RestoredTables {
  /**
   * ISO time from which on only these tables can have answered: when traffic to the former ones had
   * stopped. What was received before it and is unfinished may have been answered.
   */
  readonly until: string;
  readonly conversationsTable: string;
  readonly tenantsTable: string;
  /**
   * `kept`: the stack still has its own tables. `released`: they have left the stack and lie in the
   * account, so that the restored ones can be imported in their place, or they be deleted.
   * @default - kept
   */
  readonly former?: 'kept' | 'released';
}
