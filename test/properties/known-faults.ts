/**
 * What is wrong in the product, in the words of `faultInOutcome`, and is let pass until it is mended.
 *
 * Each has an `it.fails` in `answers.test.ts`: when that turns red the fault is mended, and both go.
 */
export const knownFaults: readonly string[] = [
  // Retry-After of 309 digits and more.
  'retryAfterMs',
  // An error envelope whose code is 1e999.
  'plexCode',
  // 2xx and 401, 422, 498 of signOut, linkPin, ping and getUser, whatever the length of the body.
  'a value comes of endless',
  'a value comes of a body over 1 MB',
  // A user's id of 1e999, 0.5, "7", [7] or true.
  'user.id',
  // A user's id of {"toString":1}.
  'it throws TypeError: Cannot convert object to primitive value',
];
