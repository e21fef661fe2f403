/** Source of chance for ids, injected so that a simulated run can be repeated. */
export type RandomBytes = (size: number) => Uint8Array;
