/** As the SDK throws it: told by its name. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
