import type { Assets } from './assets.ts';
import { dataMarkup, filled, markup, type Markup } from './markup.ts';
import { textsOf, type Language } from './texts.ts';
import type { Texts } from './texts/en.ts';

export interface PageOf {
  partner: { name: string; slug: string };
  language: Language;
  /** A card to begin with. */
  cardId: string | null;
}

/** The page of one partner. What it does is in `browser/`; without that it only says that it needs it. */
export function joinPage({ partner, language, cardId }: PageOf, assets: Assets): string {
  const texts = textsOf[language];
  const title = filled(texts.join.title, { partner: partner.name });
  const { notice: _, ...told } = texts;
  const data = { slug: partner.slug, language, cardId, texts: told };
  return whole({
    language,
    title,
    assets,
    body: markup`<header class="bar"><p class="partner">${partner.name}</p></header>
      <main>
        <noscript><p class="note">${texts.join.script}</p></noscript>
        <p id="status" class="unseen" role="status"></p>
        <section id="welcome" aria-labelledby="welcome-title">
          <h1 id="welcome-title" tabindex="-1">${title}</h1>
          <p class="lead">${texts.join.lead}</p>
          ${joinForm(texts)} ${openForm(texts)}
        </section>
        <section id="joined" aria-labelledby="joined-title" hidden>
          <h1 id="joined-title" tabindex="-1">${texts.joined.title}</h1>
        </section>
        <section id="wallet" aria-labelledby="wallet-title" hidden>
          <h1 id="wallet-title" tabindex="-1">${texts.wallet.title}</h1>
        </section>
      </main>
      <script type="application/json" id="data">
        ${dataMarkup(data)}
      </script>
      ${assets.script}`,
  });
}

export interface NoticeOf {
  language: Language;
  title: string;
  text: string;
}

/** A page that says why there is no other. */
export const noticePage = ({ language, title, text }: NoticeOf, assets: Assets): string =>
  whole({
    language,
    title,
    assets,
    body: markup`<main class="notice">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
    </main>`,
  });

interface Whole {
  language: Language;
  title: string;
  assets: Assets;
  body: Markup;
}

const whole = ({ language, title, assets, body }: Whole): string =>
  markup`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${assets.style}
      </head>
      <body>
        ${body}
      </body>
    </html>
`.text;

/** Disabled until the script is there: without it, a browser would put what was written into the address. */
const joinForm = ({ join }: Texts): Markup =>
  markup`<form id="join" method="post" novalidate>
    <div class="problem" id="join-problem" role="alert"></div>
    ${field({ form: 'join', name: 'name', label: join.name, hint: join.optional, input: markup`type="text" autocomplete="name" maxlength="255"` })}
    ${field({ form: 'join', name: 'email', label: join.email, hint: join.optional, input: markup`type="email" autocomplete="email" maxlength="254"` })}
    <p class="hint">${join.anonymous}</p>
    <details>
      <summary>${join.more}</summary>
      ${field({ form: 'join', name: 'phone', label: join.phone, hint: join.phoneHint, input: markup`type="tel" autocomplete="tel"` })}
      ${field({ form: 'join', name: 'birthday', label: join.birthday, hint: join.optional, input: markup`type="date" autocomplete="bday"` })}
    </details>
    <fieldset>
      <legend>${join.news}</legend>
      ${check('news-email', join.newsEmail)} ${check('news-sms', join.newsSms)} ${check('news-push', join.newsPush)}
    </fieldset>
    <div class="field">
      ${check('accepts_terms', join.terms, markup` required aria-describedby="join-accepts_terms-problem"`)}
      <p class="wrong" id="join-accepts_terms-problem"></p>
    </div>
    <button type="submit" disabled>${join.submit}</button>
  </form>`;

const openForm = ({ open }: Texts): Markup =>
  markup`<details id="have-key">
    <summary>${open.title}</summary>
    <form id="open" method="post" novalidate>
      <p class="hint">${open.lead}</p>
      <div class="problem" id="open-problem" role="alert"></div>
      ${field({ form: 'open', name: 'key', label: open.key, input: markup`type="password" autocomplete="current-password" autocapitalize="none" spellcheck="false" required` })}
      <button type="submit" class="second" disabled>${open.submit}</button>
    </form>
  </details>`;

interface Field {
  form: 'join' | 'open';
  name: string;
  label: string;
  hint?: string;
  input: Markup;
}

function field({ form, name, label, hint, input }: Field): Markup {
  const id = `${form}-${name}`;
  const described = `${hint === undefined ? '' : `${id}-hint `}${id}-problem`;
  return markup`<div class="field">
    <label for="${id}">${label}</label>
    ${hint === undefined ? [] : markup`<span class="hint" id="${id}-hint">${hint}</span>`}
    <input id="${id}" name="${name}" aria-describedby="${described}" ${input} />
    <p class="wrong" id="${id}-problem"></p>
  </div>`;
}

const check = (name: string, label: string, more: Markup = markup``): Markup =>
  markup`<label class="check"><input type="checkbox" id="join-${name}" name="${name}" ${more} /> ${label}</label>`;
