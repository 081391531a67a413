import { fromMinor } from '../money/amount.ts';

type Unit = 'money' | 'points' | 'stamps';
type Facts = Readonly<Record<string, number | string>>;
type Show = (money: number) => string;

/** What each rule takes in, gives out, and says of itself. */
const rules = {
  basis: rule('money', 'money', (s, show) => {
    const left = ['excluded', 'shipping', 'tax']
      .filter((name) => s.facts?.[name])
      .map((name) => `${name} ${show(Number(s.facts?.[name]))}`);
    return left.length === 0
      ? `All of the order's ${show(s.in)} counts.`
      : `Of the order's ${show(s.in)}, ${left.join(' and ')} earns nothing; ${show(s.out)} counts.`;
  }),
  'paid-with-points': rule(
    'money',
    'money',
    (s, show) => `${show(s.in - s.out)} was paid with points and earns nothing; ${show(s.out)} is left.`,
  ),
  'minimum-order': rule(
    'money',
    'money',
    (s, show) =>
      `The order is ${show(s.in)}; nothing is earned below ${show(Number(s.facts?.minimumAmount))}.`,
  ),
  rate: rule('money', 'points', (s, show) => {
    const { points, perAmount, steps, rounding, lines } = s.facts ?? {};
    const each = steps === 'complete' ? 'each complete' : 'every';
    const round = steps === 'complete' ? '' : `, rounded ${rounding}${lines ? ' a line' : ''}`;
    return `${points} ${plural(Number(points))} for ${each} ${show(Number(perAmount))} of ${show(s.in)} makes ${s.out}${round}.`;
  }),
  'cap-per-order': rule('points', 'points', (s) => `At most ${s.out} points an order, not ${s.in}.`),
  'cap-balance': rule(
    'points',
    'points',
    (s) => `The balance may not pass ${s.facts?.maximum}: ${s.out} of ${s.in} points fit.`,
  ),
  pending: rule('points', 'points', (s) =>
    s.facts?.until ? `Pending until ${s.facts.until}.` : 'Pending until the order is confirmed.',
  ),
  'welcome-bonus': rule('points', 'points', (s) => `Welcome bonus of ${count(s.out)} for the new card.`),
  granted: rule('points', 'points', (s) => `${count(s.out)} granted: ${s.facts?.reason}.`),
  'ended-for-debt': rule(
    'points',
    'points',
    (s) => `${s.in - s.out} of them repaid debt; ${s.out} were lost.`,
  ),
  'debt-repaid': rule(
    'points',
    'points',
    (s) => `${s.in - s.out} points repaid debt; ${s.out} went to the card.`,
  ),
  'limit-available': rule('points', 'points', (s) =>
    s.in === s.out
      ? `${s.out} points are available.`
      : `Of ${s.in} points asked for, ${s.out} are available.`,
  ),
  'limit-per-order': rule(
    'points',
    'points',
    (s) => `At most ${s.out} more points can be spent on this order.`,
  ),
  'limit-share': rule(
    'points',
    'points',
    (s) => `Points may pay only a share of the order: at most ${s.out}.`,
  ),
  'limit-payable': rule('points', 'points', (s) => `What is left to pay takes at most ${s.out} points.`),
  'limit-increment': rule(
    'points',
    'points',
    (s) => `Points are spent in multiples of ${s.facts?.increment}: at most ${s.out}.`,
  ),
  'limit-minimum': rule(
    'points',
    'points',
    (s) => `At least ${s.facts?.minimum} points must be spent at once.`,
  ),
  value: rule(
    'points',
    'money',
    (s, show) => `${s.in} ${plural(s.in)} ${s.in === 1 ? 'is' : 'are'} worth ${show(s.out)}.`,
  ),
  'amount-due': rule(
    'money',
    'money',
    (s, show) => `Of ${show(s.in)} to pay, ${show(s.out)} is left after points.`,
  ),
  lots: rule('points', 'points', (s) => `Taken from the lots that expire soonest: ${s.facts?.lots}.`),
  'refund-split': rule(
    'money',
    'money',
    (s, show) =>
      `${show(s.in)} refunded in all (${s.facts?.split}): ${show(s.out)} in money and ${s.facts?.points} points so far.`,
  ),
  'still-earned': rule(
    'money',
    'points',
    (s, show) => `Of what remains of the order, ${show(s.in)} counts; it earns ${count(s.out)}.`,
  ),
  'claw-back': rule(
    'points',
    'points',
    (s) =>
      `Of ${s.facts?.earned} points earned, ${s.in} ${s.in === 1 ? 'is' : 'are'} no longer; ${s.out} to take back now.`,
  ),
  'expired-already': rule(
    'points',
    'points',
    (s) => `${s.in - s.out} of them expired before; ${s.out} are left to take back.`,
  ),
  shortfall: rule('points', 'points', (s) =>
    s.facts?.policy === 'debt'
      ? `${count(s.in)} ${are(s.in)} no longer there: kept as debt.`
      : `${count(s.in)} ${are(s.in)} no longer there: forgiven.`,
  ),
  restored: rule('points', 'points', (s) =>
    s.facts?.until
      ? `${s.out} points given back; ${s.facts.renewed} of them had expired and are good until ${s.facts.until}.`
      : `${count(s.out)} given back.`,
  ),
  confirmed: rule('points', 'points', (s) => `${s.out} pending points are available.`),
  cancelled: rule('points', 'points', (s) => `${s.in} pending points are cancelled.`),
  adjusted: rule('points', 'points', (s) => `Adjusted by ${s.facts?.actor}: ${s.facts?.reasonCode}.`),
  reversed: rule(
    'points',
    'points',
    (s) => `${s.in} points of entry ${s.facts?.entry} are undone: ${s.facts?.reason}.`,
  ),
  expired: rule('points', 'points', (s) =>
    s.facts?.cause === 'inactivity'
      ? `${count(s.in)} of lot ${s.facts?.lot} expired for want of activity.`
      : `${count(s.in)} of lot ${s.facts?.lot} reached ${s.in === 1 ? 'its' : 'their'} expiry.`,
  ),
  stamped: rule(
    'stamps',
    'stamps',
    (s) => `${stamps(s.in)} given; ${s.out} of ${s.facts?.target} are on the card.`,
  ),
  'stamp-voided': rule(
    'stamps',
    'stamps',
    (s) => `${stamps(s.in)} of entry ${s.facts?.entry} voided: ${s.facts?.reason}.`,
  ),
  'stamps-expired': rule(
    'stamps',
    'stamps',
    (s) => `${stamps(s.in)} of entry ${s.facts?.entry} reached ${s.in === 1 ? 'its' : 'their'} expiry.`,
  ),
  'stamps-paid': rule('stamps', 'stamps', (s) => `${stamps(s.in)} redeemed; ${s.out} carried over.`),
  'stamps-forfeited': rule(
    'stamps',
    'stamps',
    (s) => `${stamps(s.in)} beyond the reward ${s.in === 1 ? 'is' : 'are'} not carried over.`,
  ),
  'points-paid': rule('points', 'points', (s) => `${count(s.in)} redeemed; ${s.out} available after it.`),
  reward: rule(
    'points',
    'points',
    (s) => `Reward: ${s.facts?.reward}, against a voucher until ${s.facts?.until}.`,
  ),
  'reward-voided': rule(
    'points',
    'points',
    (s) => `Reward of entry ${s.facts?.entry} voided: ${s.facts?.reason}.`,
  ),
  'voucher-used': rule(
    'points',
    'points',
    (s) => `Voucher of entry ${s.facts?.entry} used: ${s.facts?.reward}.`,
  ),
  'stamps-restored': rule('stamps', 'stamps', (s) =>
    s.facts?.until
      ? `${stamps(s.out)} given back; ${s.facts.renewed} of them had expired and are good until ${s.facts.until}.`
      : `${stamps(s.out)} given back.`,
  ),
  'merged-out': rule(
    'points',
    'points',
    (s) => `${count(s.in)} went to card ${s.facts?.cardId}: ${s.facts?.reason}.`,
  ),
  'merged-in': rule('points', 'points', (s) => `${count(s.in)} came from card ${s.facts?.cardId}.`),
  'stamps-merged': rule('stamps', 'stamps', (s) => `${stamps(s.in)} came from card ${s.facts?.cardId}.`),
  deactivated: rule('points', 'points', (s) => `Deactivated by ${s.facts?.actor}: ${s.facts?.reason}.`),
  reactivated: rule('points', 'points', (s) => `Reactivated by ${s.facts?.actor}: ${s.facts?.reason}.`),
  anonymised: rule('points', 'points', (s) => `Anonymised by ${s.facts?.actor}: ${s.facts?.reason}.`),
  'qr-rotated': rule('points', 'points', (s) => `The card has a new QR code: ${s.facts?.reason}.`),
} as const;

export type StepRule = keyof typeof rules;

/** The rules that steps name. */
export const stepRules = Object.keys(rules) as [StepRule, ...StepRule[]];

/** One step of an explanation as it is kept: amounts in minor units, no text. */
export interface Step {
  rule: StepRule;
  in: number;
  out: number;
  facts?: Facts;
}

/** One step of an explanation as it is read: amounts as decimal texts, points as numbers, and why in a sentence. */
export interface ExplainedStep {
  rule: StepRule;
  in: number | string;
  out: number | string;
  why: string;
  facts?: Facts;
}

/** A kept step as a reader wants it. `currency` is the program's. */
export function explainStep(step: Step, currency: string): ExplainedStep {
  const { takes, gives, why } = rules[step.rule];
  const show: Show = (money) => fromMinor(money, currency);
  const explained: ExplainedStep = {
    rule: step.rule,
    in: takes === 'money' ? show(step.in) : step.in,
    out: gives === 'money' ? show(step.out) : step.out,
    why: why(step, (money) => `${show(money)} ${currency}`),
  };
  if (step.facts) explained.facts = shownFacts(step.facts, show);
  return explained;
}

// Facts that are amounts of money; all others are points, numbers or names.
const moneyFacts = new Set(['perAmount', 'minimumAmount', 'excluded', 'shipping', 'tax']);

function shownFacts(facts: Facts, show: Show): Facts {
  const shown: Record<string, number | string> = {};
  for (const [name, fact] of Object.entries(facts)) {
    shown[name] = moneyFacts.has(name) ? show(Number(fact)) : fact;
  }
  return shown;
}

function rule(takes: Unit, gives: Unit, why: (step: Step, show: Show) => string) {
  return { takes, gives, why };
}

function plural(points: number): string {
  return points === 1 ? 'point' : 'points';
}

function count(points: number): string {
  return `${points} ${plural(points)}`;
}

function stamps(number: number): string {
  return `${number} ${number === 1 ? 'stamp' : 'stamps'}`;
}

function are(points: number): string {
  return points === 1 ? 'is' : 'are';
}
