import { isOpen, reply, type Handlers, type joinPage as joinPageEndpoint } from '@punchcard/contracts';
import type { FindPartner } from '../replicas/find-partner.ts';
import { readAssets } from './assets.ts';
import { filled } from './markup.ts';
import { languageOf } from './language-rules.ts';
import { joinPage, noticePage } from './page.ts';
import { textsOf } from './texts.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const languages = ['en', 'lt', 'de', 'fr'] as const;

export function joinPageHandlers({ findPartner }: { findPartner: FindPartner }): Handlers<typeof joinPageEndpoint> {
  const assets = readAssets();
  const headersIn = (language: string) => ({
    'content-language': language,
    'content-security-policy': assets.policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    // Asked again each time: a partner that was closed is closed, and one that is open costs a 304.
    'cache-control': 'no-cache',
    vary: 'accept-language',
  });

  return {
    'agent.join.page': async ({ params, query, language: header }) => {
      const partner = await findPartner(params.partner_slug);
      if (partner?.status !== 'active') {
        const language = languageOf(header, 'en_US', languages);
        const { missingTitle: title, missing: text } = textsOf[language].notice;
        return reply(noticePage({ language, title, text }, assets), { status: 404, headers: headersIn(language) });
      }
      const language = languageOf(header, partner.locale, languages);
      const headers = headersIn(language);
      if (!isOpen(partner.gates, 'agent_api')) {
        const { closedTitle: title, closed } = textsOf[language].notice;
        const text = filled(closed, { partner: partner.name });
        return reply(noticePage({ language, title, text }, assets), { status: 403, headers });
      }
      const cardId = query.card_id !== undefined && UUID.test(query.card_id) ? query.card_id.toLowerCase() : null;
      return reply(joinPage({ partner, language, cardId }, assets), { headers });
    },
  };
}
