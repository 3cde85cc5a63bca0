import { ask, isGood, problemText } from './api.js';
import { copyButton } from './copying.js';
import { announce, byId, fillView, make, show } from './dom.js';
import { inputOf, onSubmit, showProblems, valueOf } from './forms.js';
import { identifierBox } from './identifier.js';
import { isKey, recall, remember } from './memory.js';
import { fill, page } from './texts.js';
import { openWallet, watchForReturn } from './wallet.js';

const fields = ['name', 'email', 'phone', 'birthday', 'accepts_terms'];

/** The last body that was sent, and its key: the same again is a repeat and makes no second member. */
let lastSent = { text: '', idempotencyKey: '' };

/** `crypto.randomUUID` is there on secure pages only. */
const newIdempotencyKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function bodyOfForm() {
  const written = ['name', 'email', 'birthday'].map((name) => [name, valueOf('join', name)]);
  const phone = valueOf('join', 'phone').replace(/[\s().-]/g, '');
  const news = ['email', 'sms', 'push'].filter((channel) => inputOf('join', `news-${channel}`).checked);
  return {
    ...Object.fromEntries([...written, ['phone', phone]].filter(([, value]) => value !== '')),
    accepts_terms: inputOf('join', 'accepts_terms').checked,
    ...(news.length > 0 ? { communication_preferences: Object.fromEntries(news.map((one) => [one, true])) } : {}),
    ...(page.cardId === null ? {} : { card_id: page.cardId }),
  };
}

/**
 * What can be told without asking.
 * @param {Record<string, unknown>} body
 */
function problemsOf(body) {
  const { problems } = page.texts;
  const checks = {
    name: [...String(body['name'] ?? '')].length > 255,
    email: inputOf('join', 'email').validity.typeMismatch,
    phone: body['phone'] !== undefined && !/^\+[1-9]\d{6,14}$/.test(String(body['phone'])),
    birthday: inputOf('join', 'birthday').validity.badInput,
    accepts_terms: body['accepts_terms'] !== true,
  };
  return Object.fromEntries(
    Object.entries(checks).flatMap(([name, isWrong]) => (isWrong ? [[name, problems[name]]] : [])),
  );
}

/** @param {import('./api.js').Answered} answered */
function showRefusal(answered) {
  const wrong = Object.keys(answered.details['errors'] ?? {});
  const known = wrong.filter((name) => fields.includes(name));
  if (answered.code === 'VALIDATION_FAILED' && known.length === wrong.length && known.length > 0) {
    return showProblems('join', Object.fromEntries(known.map((name) => [name, page.texts.problems[name]])));
  }
  if (answered.code === 'ALREADY_EXISTS') {
    byId('have-key').setAttribute('open', '');
    return showProblems('join', { email: page.texts.problems.taken });
  }
  showProblems('join', {}, problemText(answered));
}

/** @returns {Promise<void>} */
async function join() {
  const body = bodyOfForm();
  const problems = problemsOf(body);
  showProblems('join', problems);
  if (Object.keys(problems).length > 0) return;
  const text = JSON.stringify(body);
  if (lastSent.text !== text) lastSent = { text, idempotencyKey: newIdempotencyKey() };
  const answered = await ask(`join/${encodeURIComponent(page.slug)}`, {
    body,
    idempotencyKey: lastSent.idempotencyKey,
  });
  if (answered.code === 'NOT_FOUND' && answered.details['field'] === 'card_id') {
    // The link was older than the card is dead: one may join all the same.
    page.cardId = null;
    return join();
  }
  if (!isGood(answered)) return showRefusal(answered);
  const { member, key } = answered.data;
  if (key?.key) remember({ key: key.key, cardId: page.cardId });
  showJoined(member, key?.key ?? null);
}

/**
 * @param {any} member
 * @param {string | null} key
 */
function showJoined(member, key) {
  const { joined } = page.texts;
  byId('joined-title').textContent = member.name ? fill(joined.titleNamed, { name: member.name }) : joined.title;
  const go = make('button', { type: 'button' }, joined.go);
  go.addEventListener('click', () => void openWallet());
  const shown =
    key === null
      ? make('p', { class: 'note' }, joined.keyGone)
      : make(
          'div',
          { class: 'key' },
          make('h2', {}, joined.key),
          make('p', { class: 'warning' }, joined.keyOnce),
          make('code', { translate: 'no' }, key),
          copyButton(key, joined.key),
          make('p', { class: 'hint' }, joined.keyUse),
        );
  fillView('joined', identifierBox(member.unique_identifier), shown, key === null ? null : go);
  show('joined');
  if (key === null) byId('welcome').hidden = false;
}

async function open() {
  const key = valueOf('open', 'key');
  if (!isKey(key)) return showProblems('open', { key: page.texts.problems.key });
  const answered = await ask('agent/v1/member/profile', { key });
  if (!isGood(answered)) return showProblems('open', {}, problemText(answered));
  showProblems('open', {});
  inputOf('open', 'key').value = '';
  remember({ key, cardId: page.cardId });
  await openWallet();
}

inputOf('join', 'birthday').max = new Date().toISOString().slice(0, 10);
onSubmit('join', join);
onSubmit('open', open);
watchForReturn();
if (recall()) void openWallet();
else announce('');
