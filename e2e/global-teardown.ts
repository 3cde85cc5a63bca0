/** Jest's global teardown: stops what the setup started; its data stays for a look. */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopE2eStack?.();
}
