import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getTransaction, listTransactions, newId, staffChanged } from '@punchcard/contracts';
import { waitFor } from '@punchcard/testing';
import { givenProgramme, givenStaff, givenTill, startLedger, stopAndVerify, type Ledger } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => stopAndVerify(ledger));

const refusal = {
  status: 422,
  body: { code: 'VALIDATION_FAILED', details: { errors: { staff_id: ["must be staff of the card's club"] } } },
};

async function givenShop() {
  const given = await givenProgramme(ledger.sql, { card: { initialBonusPoints: 5 } });
  const staff = await givenStaff(ledger.sql, given);
  const tell = (sequence: number, data: object) =>
    ledger.topics.publish(given.partnerId, [
      {
        ...{ event: staffChanged, key: given.partnerId, sequence },
        data: { ...staffChanged.example, staff_id: staff.staffId, club_id: given.clubId, ...data },
      },
    ]);
  const till = givenTill(ledger, given);
  const named = async (query: Record<string, string> = {}) =>
    (await till.send(listTransactions, { query })).body.data.map((row: { staff_id: string; staff_name: string }) => [
      row.staff_id,
      row.staff_name,
    ]);
  return { given, staff, till, tell, named };
}

describe('staff_id', () => {
  it('names who served on every entry of the order, in the list, in one transaction and in what is announced', async () => {
    const { given, staff, till, named } = await givenShop();
    const { staffId } = staff;

    const bought = await till.buy(10, { staff_id: staffId });
    expect((await till.redeem({ staff_id: staffId })).status).toBe(200);
    await till.buy(1);

    const ona = [staffId, 'Ona'];
    expect(await named()).toEqual([[null, 'System'], ona, ona, ona]);
    expect(await named({ staff_id: staffId })).toEqual([ona, ona, ona]);
    expect(await named({ staff_id: newId() })).toEqual([]);
    const one = await till.send(getTransaction, { params: { id: bought.body.data.transaction_id } });
    expect(one.body.data).toMatchObject({ staff_id: staffId, staff_name: 'Ona' });
    const announced = await ledger.sql`
      select data ->> 'staff_id' as staff_id from outbox
      where partner_id = ${given.partnerId} and type like 'ledger.points_%' order by sequence
    `;
    expect(announced.map((row) => row['staffId'])).toEqual([staffId, staffId, staffId, null]);
  });

  it('must be active staff of the club of the card, of this partner', async () => {
    const { given, till } = await givenShop();
    const elsewhere = await givenStaff(ledger.sql, { ...given, clubId: newId() });
    const away = await givenStaff(ledger.sql, given, { isActive: false });
    const gone = await givenStaff(ledger.sql, given, { isDeleted: true });
    const foreign = await givenStaff(ledger.sql, await givenProgramme(ledger.sql));
    await till.buy(10);

    for (const staffId of [elsewhere, away, gone, foreign].map((one) => one.staffId).concat(newId())) {
      expect(await till.buy(1, { staff_id: staffId })).toMatchObject(refusal);
      expect(await till.redeem({ staff_id: staffId })).toMatchObject(refusal);
    }
  });

  it('may be somebody who was hired a moment ago: a miss waits until the copy has caught up', async () => {
    const { till, given } = await givenShop();
    const staffId = newId();
    await ledger.topics.publish(given.partnerId, [
      {
        ...{ event: staffChanged, key: given.partnerId },
        data: { ...staffChanged.example, staff_id: staffId, club_id: given.clubId, display_name: 'Jonas' },
      },
    ]);

    expect((await till.buy(1, { staff_id: staffId })).status).toBe(200);
    expect((await till.redeem({ staff_id: staffId })).status).toBe(200);
  });

  it('shows the name as it is now, also of somebody who left, who serves nobody any more', async () => {
    const { staff, till, tell, named } = await givenShop();
    const { staffId } = staff;
    const first = await till.buy(1, { staff_id: staffId, reference: 'receipt' });

    await tell(7, { display_name: 'Ona Petraitė', is_active: false, is_deleted: true });
    await waitFor('the copy', async () => (await named())[0]![1] === 'Ona Petraitė');

    expect(await named({ staff_id: staffId })).toEqual([
      [staffId, 'Ona Petraitė'],
      [staffId, 'Ona Petraitė'],
    ]);
    expect(await till.buy(1, { staff_id: staffId })).toMatchObject(refusal);
    const again = await till.buy(1, { staff_id: staffId, reference: 'receipt' });
    expect(again).toMatchObject({ status: 200, body: { data: { ...first.body.data, duplicate: true } } });
  });
});
