import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId, purchase } from '@punchcard/contracts';
import type { Stack } from '@punchcard/local';
import { CALLER_HEADER } from '@punchcard/service-kit';
import { partnerCaller, tokenOf } from './caller.ts';
import { benchFolder } from './folders.ts';
import type { LedgerPartner } from './ledger-data.ts';
import { createPoster, offer } from './offer.ts';
import { wrkAll, type Load } from './wrk.ts';

/** Who buys: a header that says so, on which card, and which members. */
export interface Buyer {
  header: string;
  value: string;
  cardId: string;
  members: readonly string[];
}

/** As the ledger knows one partner. Good for 30 s. */
export const signedBuyer = ({ facts }: Stack, { partnerId, cardId, members }: LedgerPartner): Buyer => ({
  header: CALLER_HEADER,
  value: tokenOf(facts.secrets.callerSecrets, partnerCaller(partnerId), {
    audience: 'ledger',
    method: 'POST',
    path: purchase.path,
  }),
  ...{ cardId, members },
});

export interface BuyingRun {
  /** Each gets its part of the callers. */
  urls: readonly string[];
  buyers: readonly Buyer[];
  callers: number;
  seconds: number;
}

/** Purchases, each with an Idempotency-Key. Each caller buys again when it has its answer. */
export async function buy({ urls, buyers, callers, seconds }: BuyingRun): Promise<Load> {
  const word = newId();
  return wrkAll(
    urls.map((url, n) => {
      const file = join(benchFolder('run'), `buyers-${n}.txt`);
      // Shared out among the addresses; all of them, where there are fewer buyers than addresses.
      const own = buyers.filter((_, index) => index % urls.length === n);
      writeFileSync(file, linesOf(own.length > 0 ? own : buyers));
      const connections = Math.max(1, Math.round(callers / urls.length));
      return { url, connections, seconds, script: 'purchases', args: [purchase.path, file, `${word}-${n}-`] };
    }),
  );
}

const linesOf = (buyers: readonly Buyer[]): string =>
  buyers
    .flatMap(({ header, value, cardId, members }) => [
      `H\t${header}\t${value}\t${cardId}`,
      ...members.map((id) => `M\t${id}`),
    ])
    .join('\n');

/** One purchase, and what was answered; throws unless it was booked. */
export async function buyOnce(url: string, { header, value, cardId, members }: Buyer): Promise<void> {
  const body = { card_id: cardId, member_identifier: members[0], purchase_amount: 1 };
  const answer = await fetch(`${url}${purchase.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': newId(), [header]: value },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`A purchase answered ${answer.status}: ${text}`);
}

/** Purchases at a steady rate, by buyers and members in turn. */
export function offerPurchases(
  url: string,
  buyers: readonly Buyer[],
  { perSecond, seconds, leadInSeconds = 0 }: { perSecond: number; seconds: number; leadInSeconds?: number },
) {
  const { post, close } = createPoster();
  const word = newId();
  const send = async (n: number) => {
    const { header, value, cardId, members } = buyers[n % buyers.length]!;
    const member = members[(n * 7_919) % members.length];
    const body = JSON.stringify({ card_id: cardId, member_identifier: member, purchase_amount: 1 + (n % 90) });
    const { status, text } = await post(
      `${url}${purchase.path}`,
      { [header]: value, 'idempotency-key': `${word}-${n}` },
      body,
    );
    if (status !== 200) throw new Error(`A purchase answered ${status}: ${text}`);
  };
  return offer({ perSecond, seconds, leadInSeconds, send }).finally(close);
}
