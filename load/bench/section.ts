/** How a benchmark is to measure. */
export interface How {
  /** Fresh processes, or repetitions, of which the median is taken; where one takes long, a third of it. */
  readonly runs: number;
  /** Says to a person what goes on meanwhile. */
  say(line: string): void;
}

/** Something that is measured beside what it is measured against, in one run. */
export interface Benchmark {
  /** By which `--only` asks for it. */
  readonly name: string;
  run(how: How): Promise<Section>;
}

/** What came of a benchmark: a table, and whether what is aimed at is reached. */
export interface Section {
  readonly title: string;
  /** What is measured against what, and how, in a few sentences. */
  readonly explains: string;
  /** The first column is the row's name. */
  readonly columns: readonly [string, ...string[]];
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
}

/** What came of one that could not be measured. */
export interface Failure {
  /** Of the benchmark. */
  readonly name: string;
  readonly why: string;
}

export interface Row {
  readonly name: string;
  /** In the order of the columns after the first. */
  readonly cells: readonly (number | string | undefined)[];
}

/** A ratio, since machines differ. */
export interface Target {
  readonly what: string;
  readonly is: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}
