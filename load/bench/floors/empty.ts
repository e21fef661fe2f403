/** What the runtime itself costs. */
export async function handler(): Promise<object> {
  return {};
}
