import { dayBefore, localInstant } from './local-time.ts';
import { asMailbox, firstNames, lastNames } from './names.ts';
import type { Programme } from './programmes.ts';
import { randomOf, uuidAt } from './random.ts';
import type { Random } from './random.ts';

/** As `internal.members.import` takes them. */
export type SampleMember = {
  member_id: string;
  name: string | null;
  email: string | null;
  member_number: string | null;
  locale: string;
  time_zone: string;
  registered_at: string;
};

const longestDays = 540;
const anonymousShare = 0.04;
const numberedShare = 0.6;
const mailHosts = ['example.com', 'example.net', 'example.org'];

/** More people joined lately than long ago; the first of a programme has been there from the start. */
const registeredDaysAgo = (index: number, random: Random): number =>
  index === 0 ? longestDays : 1 + Math.floor((longestDays - 1) * random.next() ** 1.4);

/** The first member of the first partner is the one that the examples of the contract speak of. */
const nameOf = (index: number, random: Random): string =>
  index === 0 ? 'Ann Example' : `${random.pick(firstNames)} ${random.pick(lastNames)}`;

const mailboxes = () => {
  const given = new Map<string, number>();
  return (name: string): string => {
    const mailbox = asMailbox(name.replace(' Example', ''));
    const count = (given.get(mailbox) ?? 0) + 1;
    given.set(mailbox, count);
    return count === 1 ? mailbox : `${mailbox}${count}`;
  };
};

/** The members of a sample partner, in the order in which they registered. Equal for equal days. */
export const membersOf = (programme: Programme, anchor: Date): SampleMember[] => {
  const { slug, timeZone, locale, visits, members } = programme;
  const random = randomOf(`${slug} members`);
  const mailbox = mailboxes();
  const made = Array.from({ length: members.count }, (_, index): SampleMember => {
    const day = dayBefore(anchor, registeredDaysAgo(index, random));
    const minute = random.int(visits.opensHour * 60, visits.closesHour * 60);
    const registeredAt = localInstant(day, minute, timeZone);
    const name = nameOf(index, random);
    const isAnonymous = index > 0 && random.isTrue(anonymousShare);
    const email = index === 0 ? 'ann@example.com' : `${mailbox(name)}@${random.pick(mailHosts)}`;
    const hasNumber = index === 0 || random.isTrue(numberedShare);
    return {
      member_id: uuidAt(registeredAt, random),
      name: isAnonymous ? null : name,
      email: isAnonymous ? null : email,
      member_number: hasNumber ? `${members.numberPrefix}-${1001 + index}` : null,
      locale,
      time_zone: timeZone,
      registered_at: registeredAt.toISOString(),
    };
  });
  return made.toSorted((a, b) => a.registered_at.localeCompare(b.registered_at));
};
