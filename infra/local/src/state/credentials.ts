import { readJson, writePrivateJson } from './json-file.ts';

/** The keys of one sample partner. */
export type PartnerCredentials = {
  name: string;
  id: string;
  slug: string;
  tier: string;
  agent_key: string;
  view_only_key: string;
  pos_key: string;
  api_key: string;
  api_secret: string;
  email: string;
  password: string;
};

/** `.local/credentials.json`: what a person or a script needs to call the stack. */
export type Credentials = {
  base_url: string;
  docs_url: string | null;
  console_url: string | null;
  partners: PartnerCredentials[];
  admin_key: string;
};

/** Where the documentation page of a gateway is. */
export const docsUrlOf = (baseUrl: string): string => `${baseUrl}/api/agent/docs`;

export const readCredentials = (file: string): Credentials | undefined => readJson<Credentials>(file);

export const writeCredentials = (file: string, credentials: Credentials): void => writePrivateJson(file, credentials);
