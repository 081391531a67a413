import type { Program } from '@loyalty-engine/core';
import type { Figures } from './figures.ts';

type Rules = Pick<Program, 'points'>;

/** @example 'Earns 1 point for every ₹10.00, at most 500 an order; each pays ₹1.00 and ends 12 months after it was earned.' */
export function describeProgram({ points: { earn, redeem, expiry } }: Rules, figures: Figures): string {
  const rate = `${count(earn.points, 'point')} for every ${figures.money(earn.perAmount)}`;
  const cap = earn.maxPointsPerOrder ? `, at most ${figures.points(earn.maxPointsPerOrder)} an order` : '';
  return `Earns ${rate}${cap}; each pays ${figures.money(redeem.valuePerPoint)} and ${endOfLife(expiry)}.`;
}

/** The rule by which the customers of a replay spend. */
export function describeSpending({ points: { redeem } }: Rules, figures: Figures): string {
  const limits = [
    redeem.minPoints && `from ${figures.points(redeem.minPoints)} points on`,
    redeem.maxPointsPerOrder && `at most ${figures.points(redeem.maxPointsPerOrder)}`,
    redeem.maxShareOfOrder && `up to ${percent.format(Number(redeem.maxShareOfOrder))} of the order`,
  ].filter(Boolean);
  const within = limits.length > 0 ? `: ${limits.join(', ')}` : '';
  return `Customers pay with as many points as they may${within}; the rest of the order earns.`;
}

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 });

function endOfLife(expiry: Program['points']['expiry']): string {
  if (expiry.kind === 'never') return 'never ends';
  if (expiry.kind === 'fixed-date') return `ends every year on ${expiry.day}/${expiry.month}`;
  const span = expiry.months ? count(expiry.months, 'month') : count(expiry.days ?? 0, 'day');
  return expiry.kind === 'inactivity'
    ? `ends after ${span} without activity`
    : `ends ${span} after it was earned`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
