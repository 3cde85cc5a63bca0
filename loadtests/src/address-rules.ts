/** An address of the command line or the environment, without slashes at its end. */
export function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(`"${text}" is no address; write http://127.0.0.1:4000 or https://api.staging.example.com`);
  }
  return text.replace(/\/+$/, '');
}

/** Whether an address can only mean this machine. */
export function isLoopback(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Throws unless the target is this machine, or somebody has said that it may be loaded. */
export function refuseProduction(
  baseUrl: string,
  { staging, allowProduction }: { staging?: boolean; allowProduction?: boolean },
): void {
  if (isLoopback(baseUrl) || staging || allowProduction) return;
  throw new Error(
    `${baseUrl} is not this machine. These tests make partners and fill queues: say --staging if it is a staging ` +
      'deployment. Against production, with everybody who uses it, only with --allow-production.',
  );
}

/** What one source says of where to go and with which key. */
export interface Named {
  baseUrl?: string | undefined;
  adminKey?: string | undefined;
}

/**
 * Address and admin key, the environment and the command line before the file. The key of a file that was not named itself, such as the
 * local stack's, goes nowhere but to the file's own address and to this machine.
 */
export function chooseTarget(given: Named, file: Named & { isNamed: boolean }): Named {
  const baseUrl = given.baseUrl ?? file.baseUrl;
  if (baseUrl === undefined) return {};
  const address = addressOf(baseUrl);
  const isItsOwn = file.isNamed || isLoopback(address) || address === (file.baseUrl && addressOf(file.baseUrl));
  return { baseUrl: address, adminKey: given.adminKey ?? (isItsOwn ? file.adminKey : undefined) };
}
