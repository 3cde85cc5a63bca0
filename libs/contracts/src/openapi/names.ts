import type { Endpoint } from '../endpoint.ts';

const crud: readonly string[] = ['list', 'get', 'create', 'update', 'delete'];

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const pascal = (text: string): string => text.split(/[._]/).map(capital).join('');

const singular = (word: string): string =>
  word
    .replace(/ies$/, 'y')
    .replace(/ches$/, 'ch')
    .replace(/([^s])s$/, '$1');

/** What an endpoint is about: `agent.admin.agent_keys.rotate` > `admin.agent_keys`; of one word that word. */
const thingsOf = ({ id }: Endpoint): string => {
  const [, ...words] = id.split('.');
  return words.length > 1 ? words.slice(0, -1).join('.') : words.join('.');
};
const verbOf = ({ id }: Endpoint): string => id.split('.').at(-1) ?? '';

/** Names for the schema of an answer, best first. Shapes that are equal share one. */
export function answerNames(endpoint: Endpoint): string[] {
  const verb = verbOf(endpoint);
  const noun = pascal(singular(thingsOf(endpoint)));
  if (verb === 'delete' || verb === 'revoke') return ['Deleted', `${noun}Deleted`];
  const own = `${pascal(thingsOf(endpoint))}${thingsOf(endpoint) === verb ? '' : pascal(verb)}Answer`;
  return crud.includes(verb) ? [noun, `${noun}${pascal(verb)}Answer`, own] : [own];
}

/** The name for the schema of a body. */
export const bodyName = (endpoint: Endpoint): string => {
  const things = thingsOf(endpoint);
  const verb = verbOf(endpoint);
  return `${pascal(crud.includes(verb) ? singular(things) : things)}${things === verb ? '' : pascal(verb)}Body`;
};

/** The heading that an endpoint stands under: `Clubs`, `Member: rewards`, `Admin: agent keys`. */
export function tagOf(endpoint: Endpoint): string {
  const { role, owner } = endpoint;
  if (owner === 'gateway') return 'About the API';
  const [first = '', second] = thingsOf(endpoint).split('.');
  if (first === 'join') return 'Self-registration';
  const inPartOf = role !== 'partner' && (first === 'admin' || first === 'member') && second !== undefined;
  return capital((inPartOf ? `${first}: ${second}` : first).replaceAll('_', ' '));
}
