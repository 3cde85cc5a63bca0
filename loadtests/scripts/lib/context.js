import exec from 'k6/execution';

/** What the runner prepared: addresses, partners, keys. Never printed, for it holds keys. */
export const context = JSON.parse(open(__ENV.CONTEXT));

/** One address for each caller, so that what a gateway counts by address never mixes them. */
export const addressOf = (n) => `10.200.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`;

export const json = (response) => {
  try {
    return response.json();
  } catch {
    return null;
  }
};

export const agentHeaders = (key) => ({
  'X-Agent-Key': key,
  'Content-Type': 'application/json',
  'X-Forwarded-For': addressOf(exec.vu.idInTest),
});

export const pairHeaders = ({ key, secret }) => ({
  'X-API-Key': key,
  'X-API-Secret': secret,
  'X-Forwarded-For': addressOf(exec.vu.idInTest),
});

export const pick = (list) => list[Math.floor(Math.random() * list.length)];
