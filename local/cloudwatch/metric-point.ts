/** What CloudWatch tells metrics apart by. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Something that was measured at a time. */
export interface MetricPoint extends MetricIdentity {
  readonly atMs: number;
  readonly value: number;
}
