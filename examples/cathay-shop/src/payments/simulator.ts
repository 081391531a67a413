import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@loyalty-engine/core';
import { checkCard, checkOrder, checkRefund } from './check-payment.ts';
import { GatewayError, type Payment, type PaymentGateway, type PaymentOrder } from './payment-gateway.ts';
import {
  type LedgerLine,
  openLedger,
  type SimulatedPayment,
  type SimulatorLedger,
} from './simulator-ledger.ts';
import { type TestCard, testCards } from './test-cards.ts';

/** A gateway in this process, for people without an account at one. */
export interface Simulator extends PaymentGateway {
  /** The payment of that name; null where there is none. */
  payment(paymentId: string): Promise<Payment | null>;
  /** The customer's answer to their bank. One that waits for nothing stays as it is. */
  confirmAction(paymentId: string, approve: boolean): Promise<Payment>;
  /** What became of the money, an order a line, oldest first. */
  ledger(): LedgerLine[];
}

/**
 * Opens the simulator on its own SQLite file, `':memory:'` for one that keeps nothing. It takes the cards of `testCards`, and
 * its ledger says afterwards who was charged what. What it answered survives a crash of the process.
 *
 * @example
 * const gateway = openSimulator({ file: 'payments.sqlite' })
 * const order = { orderId: 'o1', amountMinor: 245000, currency: 'INR' }
 * await gateway.capture(await gateway.authorise({ ...order, card: 'pm_card_visa' }))
 * gateway.ledger()[0].netCharged //=> 245000
 */
export function openSimulator({ file, clock = systemClock }: { file: string; clock?: Clock }): Simulator {
  const ledger = openLedger(file);
  const cards = new Map(testCards.map((card) => [card.token, card]));

  return {
    name: 'simulator',

    async authorise(order) {
      checkOrder(order);
      checkCard(order.card);
      const card = cards.get(order.card);
      if (card?.authoriseTimesOut === 'before') throw noAnswer('authorise');
      const { payment, tried } = ledger.transaction(() => tryCard(ledger, order, card, clock));
      if (tried && card?.authoriseTimesOut === 'after') throw noAnswer('authorise');
      return answer(payment);
    },

    async find(order) {
      checkOrder(order);
      const payment = ledger.paymentOfOrder(order.orderId);
      if (payment) refuseOtherOrder(payment, order);
      return payment && answer(payment);
    },

    async capture({ paymentId }) {
      const { payment, taken } = ledger.transaction(() => {
        const payment = known(ledger, paymentId);
        if (payment.status === 'captured') return { payment, taken: false };
        if (payment.status !== 'authorised') throw refused('captured', payment);
        if (cards.get(payment.card)?.capture === 'refused') throw refused('captured', payment);
        return { payment: settle(ledger, payment, 'capture', clock), taken: true };
      });
      if (taken && cards.get(payment.card)?.capture === 'times-out-once') throw noAnswer('capture');
      return answer(payment);
    },

    async void(order) {
      checkOrder(order);
      const payment = ledger.transaction(() => {
        const payment = ledger.paymentOfOrder(order.orderId) ?? untried(order, '');
        refuseOtherOrder(payment, order);
        if (payment.status === 'captured') throw refused('voided', payment);
        if (payment.status === 'authorised') return settle(ledger, payment, 'void', clock);
        if (payment.status === 'voided') return payment;
        return change(ledger, { ...payment, status: 'voided', declineCode: null });
      });
      return answer(payment);
    },

    async refund({ paymentId }, refund) {
      checkRefund(refund);
      const { refundId, amountMinor } = refund;
      const payment = ledger.transaction(() => {
        const payment = known(ledger, paymentId);
        const before = ledger.refund(paymentId, refundId);
        if (before?.amountMinor === amountMinor) return payment;
        if (before)
          throw new GatewayError('REFUSED', `refundId: '${refundId}' gave back ${before.amountMinor}`);
        if (payment.status !== 'captured') throw refused('refunded', payment);
        const left = payment.amountMinor - payment.refundedMinor;
        if (amountMinor > left)
          throw new GatewayError('REFUSED', `amountMinor: no more than ${left} is left`);
        ledger.move(paymentId, { kind: 'refund', refundId, amountMinor, at: clock.now() });
        return { ...payment, refundedMinor: payment.refundedMinor + amountMinor };
      });
      return answer(payment);
    },

    async payment(paymentId) {
      const payment = ledger.payment(paymentId);
      return payment && answer(payment);
    },

    async confirmAction(paymentId, approve) {
      const payment = ledger.transaction(() => {
        const payment = known(ledger, paymentId);
        if (payment.status !== 'requires-action') return payment;
        if (approve) return settle(ledger, payment, 'authorise', clock);
        return change(ledger, { ...payment, status: 'declined', declineCode: 'authentication_failed' });
      });
      return answer(payment);
    },

    ledger: () => ledger.lines(),
    close: async () => ledger.close(),
  };
}

/** A payment before its first card. */
function untried({ orderId, amountMinor, currency }: PaymentOrder, card: string): SimulatedPayment {
  const paymentId = `sim_${randomUUID()}`;
  const order = { orderId, amountMinor, currency };
  return { paymentId, ...order, card, status: 'requires-action', declineCode: null, refundedMinor: 0 };
}

/** Tries an order's card; anything after that is the same call again and tries nothing. */
function tryCard(
  ledger: SimulatorLedger,
  order: PaymentOrder & { card: string },
  card: TestCard | undefined,
  clock: Clock,
): { payment: SimulatedPayment; tried: boolean } {
  const before = ledger.paymentOfOrder(order.orderId);
  if (before) {
    refuseOtherOrder(before, order);
    return { payment: before, tried: false };
  }
  const outcome = card?.authorise ?? { declineCode: 'invalid_card' };
  const waiting = untried(order, order.card);
  if (outcome === 'asks-the-customer') return { payment: change(ledger, waiting), tried: true };
  if (outcome === 'approved') return { payment: settle(ledger, waiting, 'authorise', clock), tried: true };
  return { payment: change(ledger, { ...waiting, status: 'declined', ...outcome }), tried: true };
}

const statusAfter = { authorise: 'authorised', capture: 'captured', void: 'voided' } as const;

/** Moves the whole amount, and says so in the payment. */
function settle(
  ledger: SimulatorLedger,
  payment: SimulatedPayment,
  kind: keyof typeof statusAfter,
  clock: Clock,
): SimulatedPayment {
  const after = change(ledger, { ...payment, status: statusAfter[kind] });
  ledger.move(payment.paymentId, { kind, refundId: '', amountMinor: payment.amountMinor, at: clock.now() });
  return after;
}

function change(ledger: SimulatorLedger, payment: SimulatedPayment): SimulatedPayment {
  ledger.save(payment);
  return payment;
}

function known(ledger: SimulatorLedger, paymentId: string): SimulatedPayment {
  const payment = ledger.payment(paymentId);
  if (!payment) throw new GatewayError('REFUSED', `paymentId: no payment '${paymentId}'`);
  return payment;
}

function refuseOtherOrder(payment: SimulatedPayment, { orderId, amountMinor, currency }: PaymentOrder): void {
  if (payment.amountMinor === amountMinor && payment.currency === currency) return;
  throw new GatewayError('REFUSED', `orderId: '${orderId}' is of ${payment.amountMinor} ${payment.currency}`);
}

function refused(what: string, payment: SimulatedPayment): GatewayError {
  return new GatewayError('REFUSED', `Payment ${payment.paymentId} (${payment.status}) cannot be ${what}`);
}

function noAnswer(call: string): GatewayError {
  return new GatewayError('TIMEOUT', `The simulator did not answer to ${call}`);
}

function answer({ card: _, ...payment }: SimulatedPayment): Payment {
  const { paymentId, status, amountMinor, refundedMinor } = payment;
  const action = status === 'requires-action' ? { url: `/payments/simulator/${paymentId}` } : null;
  if (refundedMinor === 0) return { ...payment, action };
  return { ...payment, status: refundedMinor === amountMinor ? 'refunded' : 'partly-refunded', action };
}
