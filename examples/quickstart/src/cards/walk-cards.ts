import { createLoyalty, type Loyalty, type Outcome, type Refusal, unwrap } from '@loyalty-engine/core';
import { scryptPins } from '@loyalty-engine/node';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import { figuresOf } from '../figures.ts';
import { printStep as step } from '../print-step.ts';
import { stopClock } from '../stop-clock.ts';
import { cardProgram, company, type LocationId, locations } from './company.ts';
import { hireAsha, openCompany, type Till } from './open-company.ts';
import { printLedger } from './print-ledger.ts';
import { meera, type Shop, type Visit, visit } from './visit.ts';

const figures = figuresOf(cardProgram);
const { money, points, date } = figures;
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: cardProgram.timeZone });

/**
 * Walks a company with three locations and one card on an SQLite file: from the enrolment to the statistics.
 *
 * @returns the exit code: 0 when the books balance, 1 when they do not.
 */
export async function walkCards(database: string): Promise<number> {
  const clock = stopClock();
  const store = openSqliteStore({ file: database });
  // A pepper is a secret of the application's; this one is printed in a repository.
  const loyalty = createLoyalty({
    store,
    clock,
    pins: scryptPins({ pepper: 'only for this demonstration' }),
  });
  try {
    console.log(`${company.name}: one card, three locations, in eleven steps`);
    clock.set('2026-01-05T08:30:00+05:30');
    const shop = { loyalty, clock, till: await openShop(loyalty) };
    await joinAndStamp(shop);
    await fillTheCard(shop);
    await giveTheReward(shop);
    await takeAnOrderBack(shop);
    await letPointsEnd(shop);
    return await lookBack(shop);
  } finally {
    await loyalty.close();
  }
}

/** Steps 1 and 2: the company, its locations, and a manager with a PIN. */
async function openShop(loyalty: Loyalty): Promise<Till> {
  await openCompany(loyalty);
  const { stamps, points: rules } = cardProgram;
  step(
    1,
    'The company opens its books',
    `Locations: ${locations.map(({ name, timeZone }) => `${name} (${timeZone})`).join(', ')}.`,
    `${stamps.target} stamps are a coffee: one every ${stamps.cooldownMinutes} minutes, at most ${stamps.maxPerDay} a day.`,
    `${rules.earn.points} point for every ${money(rules.earn.perAmount)}; ${rules.welcomeBonus} for joining; all end after ${rules.expiry.months} months without a visit.`,
  );
  const till = await hireAsha(loyalty);
  const digits = till('bandra').staff.pin.length;
  step(2, 'Asha gets a PIN', `${digits} random digits, shown to her once. Only a hash of them is kept.`);
  return till;
}

/** Steps 3 to 5: Meera's card, its first stamp, and a second one that comes too soon. */
async function joinAndStamp({ loyalty, clock, till }: Shop): Promise<void> {
  clock.set('2026-01-05T09:00:00+05:30');
  const joined = unwrap(await loyalty.cards.enroll({ ...meera, locationId: 'bandra' }));
  const again = unwrap(await loyalty.cards.enroll({ ...meera, locationId: 'dubai' }));
  step(
    3,
    'Meera enrols at Bandra',
    `Card ${joined.cardNumber}, with ${points(joined.balance.available)} points to begin with.`,
    `Enrolled once more in Dubai: ${again.alreadyEnrolled ? 'the same card' : 'ANOTHER CARD'}, still ${points(again.balance.available)} points.`,
  );

  const { qrToken } = await loyalty.cards.get(meera);
  const { locationId, staff } = till('bandra');
  const mistyped = { ...staff, pin: staff.pin.slice(0, -1) + ((Number(staff.pin.at(-1)) + 1) % 10) };
  const wrong = refusalOf(await loyalty.stamp({ qrToken, locationId, staff: mistyped }));
  const first = await visit({ loyalty, clock, till }, 'bandra', 'CUP-1');
  step(
    4,
    'Her QR code is scanned, and Asha confirms the first stamp',
    `A mistyped PIN: ${wrong.code}, ${wrong.attemptsLeft} tries are left.`,
    `The right one: ${first.stamps} stamp, ${first.untilReward} to go. The coffee earned ${points(first.earned)} points.`,
  );

  clock.set('2026-01-05T09:10:00+05:30');
  const soon = refusalOf(await loyalty.stamp({ qrToken, locationId, staff }));
  step(
    5,
    'Ten minutes later she asks for another stamp',
    `${soon.code}: ${Number(soon.retryAfterSeconds) / 60} minutes to wait, until ${time.format(new Date(String(soon.retryAt)))}.`,
  );
}

/** Step 6: nine more Mondays, at all three locations. */
async function fillTheCard({ loyalty, clock, till }: Shop): Promise<void> {
  const visited: LocationId[] = [];
  let last: Visit | undefined;
  for (let week = 2; week <= cardProgram.stamps.target; week += 1) {
    const { id } = locations[week % locations.length] ?? locations[0];
    clock.set(Date.parse('2026-01-05T09:00:00+05:30') + (week - 1) * 7 * 86_400_000);
    last = await visit({ loyalty, clock, till }, id, `CUP-${week}`);
    visited.push(id);
  }
  if (!last) throw new Error('The card is full after one visit');
  const places = locations.map(({ id, name }) => `${visited.filter((one) => one === id).length} at ${name}`);
  step(
    6,
    'The tenth stamp',
    `${visited.length} more visits, ${places.join(', ')}.`,
    `${date(clock.now())}: ${last.stamps} stamps, ${last.rewardsReady} reward ready, and ${points(last.available)} points.`,
  );
}

/** Step 7: the reward is a voucher, which is good once. */
async function giveTheReward({ loyalty, clock, till }: Shop): Promise<void> {
  const reward = unwrap(await loyalty.redeemStamps({ ...meera, ...till('bandra') }));
  clock.set('2026-03-11T21:15:00+04:00');
  const { voucherCode: code, voucherExpiresAt } = reward;
  const used = unwrap(await loyalty.rewards.use({ code, locationId: 'dubai' }));
  const twice = refusalOf(await loyalty.rewards.use({ code, locationId: 'bandra' }));
  step(
    7,
    'The reward',
    `${reward.stampsRedeemed} stamps become voucher ${code}, good until ${date(voucherExpiresAt)}.`,
    `Handed out at Dubai Airport: ${used.reward}. The same code at Bandra: ${twice.code}.`,
  );
}

/** Step 8: an order comes back, and with it its points and its stamp. */
async function takeAnOrderBack({ loyalty, clock, till }: Shop): Promise<void> {
  clock.set('2026-03-16T09:00:00+05:30');
  const { entry } = await visit({ loyalty, clock, till }, 'indiranagar', 'CUP-11');
  clock.set('2026-03-16T09:20:00+05:30');
  const reason = 'The machine was broken';
  const back = unwrap(
    await loyalty.refund({ ...meera, orderId: 'CUP-11', locationId: 'indiranagar', reason }),
  );
  const stamp = unwrap(await loyalty.voidStamp({ ...meera, ...till('indiranagar'), entry, reason }));
  step(
    8,
    'An order is returned',
    `${money(back.moneyBack)} and ${points(back.pointsClawedBack)} points go back, ${stamp.voided} stamp is voided: ${stamp.stamps} left.`,
  );
}

/** Steps 9 and 10: half a year without a visit. */
async function letPointsEnd({ loyalty, clock }: Shop): Promise<void> {
  clock.set('2026-08-20T03:00:00+05:30');
  const told: string[] = [];
  const warning = {
    withinDays: 30,
    warn: ({
      customerId,
      points: ending,
      expiresAt,
    }: {
      customerId: string;
      points: number;
      expiresAt: string;
    }) => told.push(`${customerId}: ${points(ending)} points end on ${date(expiresAt)}.`),
  };
  await loyalty.jobs.warnOfExpiry(warning);
  clock.set('2026-08-21T03:00:00+05:30');
  const second = await loyalty.jobs.warnOfExpiry(warning);
  step(
    9,
    'The nightly job warns',
    `20 Aug 2026: a message to ${told.join(' ')}`,
    `The night after: ${second.warned} messages. A deadline is told once.`,
  );

  clock.set('2026-09-17T03:00:00+05:30');
  const { expired } = await loyalty.jobs.expirePoints();
  step(10, 'Meera does not come', `${date(clock.now())}: ${points(expired)} points ended, by inactivity.`);
}

/** Step 11: the statement, the figures and the check of the books. */
async function lookBack({ loyalty }: Shop): Promise<number> {
  const statement = await loyalty.statement(meera, { from: '2026-03-01T00:00:00+05:30' });
  const figuresByPlace = await loyalty.statistics({ merchantId: company.id, by: 'location' });
  const places = figuresByPlace.locations?.flatMap(({ locationId, stamps, points: flows }) => {
    const name = locations.find(({ id }) => id === locationId)?.name;
    return name ? [`${name}: ${stamps.issued} stamps and ${points(flows.issued)} points given`] : [];
  });
  step(11, 'The owner looks back', ...(places ?? []));
  printLedger(statement, figures);
  const { ok, entries, cards, problems } = await loyalty.verify();
  const verdict = ok ? 'the books balance' : `THE BOOKS DO NOT BALANCE: ${problems[0]?.problem}`;
  console.log(`\n   verify: ${entries} entries of ${cards} card replayed; ${verdict}.`);
  return ok ? 0 : 1;
}

/** @throws Error for a command that was to be refused and was not. */
function refusalOf(outcome: Outcome<object>): Refusal {
  if (outcome.ok) throw new Error('The engine carried out what it had to refuse');
  return outcome;
}
