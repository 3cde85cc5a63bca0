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
