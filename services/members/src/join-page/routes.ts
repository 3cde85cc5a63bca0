import { AppError, isOpen, reply, type Handlers, type joinPage as joinPageEndpoint } from '@punchcard/contracts';
import type { Log } from '@punchcard/service-kit';
import type { FindPartner } from '../replicas/find-partner.ts';
import type { PartnerCopy } from '../replicas/store.ts';
import { readAssets } from './assets.ts';
import { filled } from './markup.ts';
import { languageOf } from './language-rules.ts';
import { joinPage, noticePage } from './page.ts';
import { textsOf } from './texts.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const languages = ['en', 'lt', 'de', 'fr'] as const;
type Language = (typeof languages)[number];

/** Of pages that say why there is none. */
const statusOf = { missing: 404, closed: 403, away: 503 } as const;

interface Deps {
  findPartner: FindPartner;
  /** Whether what was thrown says that the database is away. */
  isUnavailable: (thrown: unknown) => boolean;
  log: Log;
}

export function joinPageHandlers({ findPartner, isUnavailable, log }: Deps): Handlers<typeof joinPageEndpoint> {
  const assets = readAssets();
  const headersIn = (language: Language) => ({
    'content-language': language,
    'content-security-policy': assets.policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    // Asked again each time: a partner that was closed is closed, and one that is open costs a 304.
    'cache-control': 'no-cache',
    vary: 'accept-language',
  });

  const notice = (language: Language, name: keyof typeof statusOf, partnerName = '') => {
    const { [`${name}Title` as const]: title, [name]: text } = textsOf[language].notice;
    const headers = { ...headersIn(language), ...(name === 'away' ? { 'retry-after': '1' } : {}) };
    const page = noticePage({ language, title, text: filled(text, { partner: partnerName }) }, assets);
    return reply(page, { status: statusOf[name], headers });
  };

  return {
    'agent.join.page': async ({ params, query, language: header, requestId }) => {
      const preferred = languageOf(header, 'en_US', languages);
      let partner: PartnerCopy | undefined;
      try {
        partner = await findPartner(params.partner_slug);
      } catch (error) {
        const isAway = (error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE') || isUnavailable(error);
        if (!isAway) throw error;
        // It is a person who reads this, in a browser; the log is for the others.
        log.error({ err: error, request_id: requestId, endpoint: 'agent.join.page' }, 'failed');
        return notice(preferred, 'away');
      }
      if (partner?.status !== 'active') return notice(preferred, 'missing');
      const language = languageOf(header, partner.locale, languages);
      if (!isOpen(partner.gates, 'agent_api')) return notice(language, 'closed', partner.name);
      const cardId = query.card_id !== undefined && UUID.test(query.card_id) ? query.card_id.toLowerCase() : null;
      return reply(joinPage({ partner, language, cardId }, assets), { headers: headersIn(language) });
    },
  };
}
