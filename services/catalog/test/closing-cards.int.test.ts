import { createStampCard, deleteCard, getCard, newId, updateCard, type CallerPartner } from '@punchcard/contracts';
import { waitFor } from '@punchcard/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { given, givenPartner, startCatalog, tenCoffees, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
beforeEach(() => {
  catalog.ledger.reset();
  catalog.owners.vouchers.isAway = false;
});
afterAll(() => catalog?.stop());

/** A card with what is asked about it. */
async function givenCard(partner: CallerPartner = givenPartner()) {
  const make = given(catalog, partner);
  const [id, clubId] = [await make.card(), await make.club()];
  const body = { ...tenCoffees(clubId), reward_points: 5, reward_card_id: id };
  const isClosing = async () => {
    const [card] = await catalog.sql`select closing_id from cards where partner_id = ${partner.id} and card_id = ${id}`;
    return card!['closingId'] !== null;
  };
  return {
    ...{ partner, id, make, isClosing },
    remove: () => catalog.send(partner, deleteCard, { params: { id } }),
    get: () => catalog.send(partner, getCard, { params: { id } }),
    payOnto: () => catalog.send(partner, createStampCard, { body }),
    isHeld: () => catalog.owners.vouchers.held.has(id),
    /** Makes the deletion that is under way so old that everybody has done what was asked, or never will. */
    age: () => catalog.sql`
      update cards set closing_since = closing_since - interval '61 seconds'
      where partner_id = ${partner.id} and card_id = ${id}
    `,
  };
}

type Given = Awaited<ReturnType<typeof givenCard>>;

async function expectDeleted({ get, id, isHeld }: Given) {
  await waitFor('the end of the card', async () => (await get()).status === 404);
  await waitFor('vouchers to be told', async () => catalog.owners.vouchers.deleted.has(id) && !isHeld());
}

async function expectKept({ get, payOnto, isClosing, isHeld }: Given) {
  await waitFor('the card to stay', async () => !(await isClosing()));
  expect([(await get()).status, (await payOnto()).status, isHeld()]).toEqual([200, 201, false]);
}

describe('DELETE /partner/cards/{id}', () => {
  it('keeps vouchers from paying onto the card before the ledger closes it, and tells them when it is deleted', async () => {
    const card = await givenCard();

    expect((await card.remove()).status).toBe(200);

    expect(catalog.ledger.asked).toEqual([{ id: 'close', card: card.id, partner: card.partner.id }]);
    expect([catalog.owners.vouchers.deleted.has(card.id), card.isHeld()]).toEqual([true, false]);
  });

  it('is refused while vouchers that can be redeemed pay onto the card; the ledger is not asked, and all is as before', async () => {
    const card = await givenCard();
    catalog.owners.vouchers.inUse.set(card.id, 3);

    const { status, body } = await card.remove();

    const details = { reason: 'in_use', blocking: { stamp_cards: 0, vouchers: 3 } };
    expect([status, body.code, body.details]).toEqual([409, 'CONFLICT', details]);
    expect(catalog.ledger.asked).toEqual([]);
    await expectKept(card);
  });

  it('lets vouchers pay onto the card again when the ledger refuses to close it', async () => {
    const card = await givenCard();
    catalog.ledger.blocked.set(card.id, { points_outstanding: 7 });

    expect((await card.remove()).status).toBe(409);

    expect(await card.isClosing()).toBe(false);
    await expectKept(card);
  });

  it('is 503 while vouchers cannot say, and the card stays', async () => {
    const card = await givenCard();
    catalog.owners.vouchers.isAway = true;

    expect(await card.remove()).toMatchObject({ status: 503, body: { details: { service: 'vouchers' } } });

    expect(catalog.ledger.asked).toEqual([]);
    // They may hold it yet, when they come to it.
    expect(await card.isClosing()).toBe(true);
    catalog.owners.vouchers.isAway = false;
    await card.age();
    await expectKept(card);
  });
});

describe('a deletion of a card that did not end', () => {
  it('before vouchers or the ledger were asked, is as if nobody had asked for it', async () => {
    const card = await givenCard();
    await catalog.sql`
      update cards set closing_id = ${newId()}, closing_since = now(), closing_locale = 'en_US'
      where partner_id = ${card.partner.id} and card_id = ${card.id}
    `;

    expect((await card.payOnto()).body).toMatchObject({ details: { reason: 'card_being_deleted' } });
    await card.age();

    await expectKept(card);
  });

  it('because the ledger was not there, is as if nobody had asked for it', async () => {
    const card = await givenCard();
    catalog.ledger.goAway();

    expect((await card.remove()).status).toBe(503);
    expect([await card.isClosing(), card.isHeld()]).toEqual([true, true]);
    await card.age();
    catalog.ledger.reset();

    await expectKept(card);
  });

  it('after the ledger closed the card, ends with the card: its links end, and both are announced', async () => {
    const partner = givenPartner();
    const card = await givenCard(partner);
    const kept = await card.make.card();
    const reward = await card.make.reward(card.id);
    await catalog.send(partner, updateCard, { params: { id: kept }, body: { reward_ids: [reward] } });
    catalog.ledger.loseAnswers();

    expect((await card.remove()).status).toBe(503);
    expect([(await card.get()).status, (await card.payOnto()).status]).toEqual([200, 409]);
    await card.age();

    await expectDeleted(card);
    const [last] = await catalog.sql`select last from sequences where partner_id = ${partner.id}`;
    const events = await catalog.events(partner, last!['last']);
    expect(events.slice(-2).map(({ data }) => data)).toEqual([
      expect.objectContaining({ card_id: card.id, is_deleted: true }),
      expect.objectContaining({ reward_id: reward, card_ids: [kept], is_deleted: false }),
    ]);
  });

  it('is left alone while it may be under way, and while the ledger or vouchers cannot say', async () => {
    const [fresh, old] = [await givenCard(), await givenCard()];
    catalog.ledger.loseAnswers();
    await Promise.all([fresh.remove(), old.remove()]);
    catalog.ledger.goAway();
    await old.age();

    const tries = () => catalog.ledger.asked.filter(({ id, card }) => id === 'usage' && card === old.id);
    await waitFor('one try to have failed and the next to have begun', () => tries().length > 1);
    expect([await fresh.isClosing(), await old.isClosing()]).toEqual([true, true]);

    catalog.ledger.reset();
    await expectDeleted(old);
    expect(await fresh.isClosing()).toBe(true);
    await fresh.age();
    await expectDeleted(fresh);
  });

  it('keeps vouchers off the card as long as they could not be told that it stays', async () => {
    const card = await givenCard();
    catalog.ledger.goAway();
    await card.remove();
    catalog.owners.vouchers.isAway = true;
    catalog.ledger.reset();
    await card.age();

    await waitFor('the ledger to be asked', async () => catalog.ledger.asked.length > 0);
    expect([await card.isClosing(), card.isHeld()]).toEqual([true, true]);
    catalog.owners.vouchers.isAway = false;

    await expectKept(card);
  });

  it('ends by being sent again', async () => {
    const card = await givenCard();
    catalog.ledger.loseAnswers();
    await card.remove();
    catalog.ledger.reset();

    expect((await card.remove()).status).toBe(200);

    await expectDeleted(card);
  });

  it('is not undone by another that vouchers refuse, since the ledger may have closed the card', async () => {
    const card = await givenCard();
    catalog.ledger.loseAnswers();
    await card.remove();
    catalog.owners.vouchers.inUse.set(card.id, 1);

    expect((await card.remove()).status).toBe(409);
    expect([await card.isClosing(), (await card.payOnto()).status]).toEqual([true, 409]);
    await card.age();

    await expectDeleted(card);
  });

  it('leaves no hold behind when it is sent again while vouchers cannot say', async () => {
    const card = await givenCard();
    catalog.ledger.goAway();
    await card.remove();
    catalog.owners.vouchers.isAway = true;
    await card.remove();
    catalog.ledger.reset();
    catalog.owners.vouchers.isAway = false;
    expect([await card.isClosing(), card.isHeld()]).toEqual([true, true]);
    await card.age();

    await expectKept(card);
  });

  it('is not undone when another has begun since', async () => {
    const [card, other] = [await givenCard(), await givenCard()];
    catalog.ledger.goAway();
    await Promise.all([card.remove(), other.remove()]);
    await card.age();
    await card.remove();
    catalog.ledger.reset();

    // By a whole run of the job.
    await other.age();
    await expectKept(other);

    expect(await card.isClosing()).toBe(true);
  });
});
