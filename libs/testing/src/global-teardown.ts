/** Jest's global teardown: stops what the global setup started. */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopTestParts?.();
}
