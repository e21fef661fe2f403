/** One line of a plot: points by their x. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axis {
  /** With its unit. */
  readonly name: string;
  readonly isLogarithmic?: boolean;
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

/** @returns an SVG document, the same for the same plot */
export function draw(plot: Plot): string;
