import { describe, expect, it } from 'vitest';
import type { GatewayError, Payment, PaymentGateway } from './payment-gateway.ts';
import type { LedgerLine } from './simulator-ledger.ts';

/** A gateway as the facts below see it, with its books and the bank of its customers. It is closed by whoever opened it. */
export interface GatewayUnderTest {
  gateway: PaymentGateway;
  /** The same gateway from another process, which shares nothing but the gateway's own books. */
  another(): PaymentGateway;
  ledger(): LedgerLine[];
  confirmAction(paymentId: string, approve: boolean): unknown;
}

const order = { orderId: 'o1', amountMinor: 245_000, currency: 'INR' };
const visa = { ...order, card: 'pm_card_visa' };
const nothing = { authorised: 0, captured: 0, voided: 0, refunded: 0, netCharged: 0 };

/** The facts of `PaymentGateway`, for an adapter's test file to run. */
export function paymentGatewaySuite(open: () => Promise<GatewayUnderTest>): void {
  /** What became of the order's money, without the names. */
  const moneyOf = ({ ledger }: GatewayUnderTest, orderId = order.orderId) => {
    const line = ledger().find((line) => line.orderId === orderId);
    const { authorised, captured, voided, refunded, netCharged } = line ?? nothing;
    return { authorised, captured, voided, refunded, netCharged };
  };
  const code = async (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'answered',
      (error: GatewayError) => error.code,
    );

  describe('authorise', () => {
    it('reserves the amount and takes nothing', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      expect(payment).toEqual({
        ...order,
        paymentId: payment.paymentId,
        status: 'authorised',
        declineCode: null,
        action: null,
        refundedMinor: 0,
      });
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000 });
    });

    it('reserves once, however often it is asked and with whatever card', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      expect(await test.gateway.authorise(visa)).toEqual(payment);
      expect(await test.another().authorise({ ...order, card: 'pm_card_mastercard' })).toEqual(payment);
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000 });
    });

    it('reserves once for many who ask at the same time, in one process and in another', async () => {
      const test = await open();
      const other = test.another();
      const payments = await Promise.all(
        [test.gateway, other, test.gateway, other].map((gateway) => gateway.authorise(visa)),
      );
      expect(new Set(payments.map(({ paymentId }) => paymentId)).size).toBe(1);
      expect(payments.map(({ status }) => status)).toEqual(payments.map(() => 'authorised'));
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000 });
    });

    it('keeps orders apart', async () => {
      const test = await open();
      const first = await test.gateway.authorise(visa);
      const second = await test.gateway.authorise({ ...visa, orderId: 'o2' });
      expect(second.paymentId).not.toBe(first.paymentId);
      await test.gateway.capture(second);
      expect([moneyOf(test).captured, moneyOf(test, 'o2').captured]).toEqual([0, 245_000]);
    });

    it('refuses an order of another amount or currency than before', async () => {
      const { gateway } = await open();
      await gateway.authorise(visa);
      expect(await code(gateway.authorise({ ...visa, amountMinor: 1_000 }))).toBe('REFUSED');
      expect(await code(gateway.authorise({ ...visa, currency: 'USD' }))).toBe('REFUSED');
      expect(await code(gateway.find({ ...order, amountMinor: 1_000 }))).toBe('REFUSED');
    });

    it.each([
      { amountMinor: 0 },
      { amountMinor: -1 },
      { amountMinor: 10.5 },
      { amountMinor: Number.NaN },
      { currency: 'inr' },
      { currency: '' },
      { orderId: '' },
      { orderId: 'o1\r\nX-Header: 1' },
      { orderId: 'o'.repeat(151) },
      { card: '' },
    ])('refuses %j, names the field and writes nothing', async (wrong) => {
      const test = await open();
      const call = test.gateway.authorise({ ...visa, ...wrong });
      await expect(call).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringMatching(`^${Object.keys(wrong)[0]}: `),
      });
      expect(test.ledger()).toEqual([]);
    });
  });

  describe('a declined card', () => {
    it.each([
      ['pm_card_chargeDeclined', 'card_declined'],
      ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
      ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
      ['pm_card_of_nobody', 'invalid_card'],
    ])('%s is answered with %s, and again so', async (card, declineCode) => {
      const test = await open();
      const declined = { ...order, status: 'declined', declineCode, action: null, refundedMinor: 0 };
      expect(await test.gateway.authorise({ ...order, card })).toMatchObject(declined);
      expect(await test.another().authorise({ ...order, card })).toMatchObject(declined);
      expect(moneyOf(test)).toEqual(nothing);
    });

    it('is found, cannot be captured, and no other card is tried for the order', async () => {
      const test = await open();
      const declined = await test.gateway.authorise({ ...order, card: 'pm_card_chargeDeclined' });
      expect(await test.gateway.find(order)).toEqual(declined);
      expect(await code(test.gateway.capture(declined))).toBe('REFUSED');
      expect(await code(test.gateway.refund(declined, { refundId: 'r1', amountMinor: 1 }))).toBe('REFUSED');
      expect(await test.gateway.authorise(visa)).toEqual(declined);
      expect(moneyOf(test)).toEqual(nothing);
    });
  });

  describe('a card that asks the customer', () => {
    const asking = { ...order, card: 'pm_card_threeDSecureRequired' };

    it('reserves nothing until the customer has confirmed', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(asking);
      expect(payment.status).toBe('requires-action');
      expect(payment.action).not.toBeNull();
      expect(await test.gateway.authorise(asking)).toEqual(payment);
      expect(await code(test.gateway.capture(payment))).toBe('REFUSED');
      expect(moneyOf(test)).toEqual(nothing);
      await test.confirmAction(payment.paymentId, true);
      expect(await test.gateway.authorise(asking)).toMatchObject({ status: 'authorised', action: null });
      expect((await test.gateway.capture(payment)).status).toBe('captured');
      expect(moneyOf(test)).toMatchObject({ authorised: 245_000, netCharged: 245_000 });
    });

    it('is declined where the customer refuses', async () => {
      const test = await open();
      const { paymentId } = await test.gateway.authorise(asking);
      await test.confirmAction(paymentId, false);
      const declined = { status: 'declined', declineCode: 'authentication_failed', action: null };
      expect(await test.gateway.find(order)).toMatchObject(declined);
      expect(await test.gateway.authorise(asking)).toMatchObject(declined);
      expect(moneyOf(test)).toEqual(nothing);
    });

    it('waits no longer once it is voided', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(asking);
      expect(await test.gateway.void(payment)).toMatchObject({ status: 'voided' });
      await test.confirmAction(payment.paymentId, true);
      expect((await test.gateway.authorise(asking)).status).toBe('voided');
      expect(moneyOf(test)).toEqual(nothing);
    });
  });

  describe('an answer that is lost', () => {
    it('is TIMEOUT; what was reserved is found, and asked again it answers', async () => {
      const test = await open();
      const lost = { ...order, card: 'pm_card_timeoutAfter' };
      expect(await code(test.gateway.authorise(lost))).toBe('TIMEOUT');
      expect(await test.another().find(order)).toMatchObject({ status: 'authorised' });
      expect((await test.gateway.authorise(lost)).status).toBe('authorised');
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000 });
    });

    it('is TIMEOUT every time where nothing happened', async () => {
      const test = await open();
      const lost = { ...order, card: 'pm_card_timeoutBefore' };
      expect(await code(test.gateway.authorise(lost))).toBe('TIMEOUT');
      expect(await code(test.gateway.authorise(lost))).toBe('TIMEOUT');
      expect(await test.gateway.find(order)).toBeNull();
      expect(moneyOf(test)).toEqual(nothing);
    });
  });

  describe('find', () => {
    it('is null before any card was tried, and leaves nothing behind', async () => {
      const test = await open();
      expect(await test.gateway.find(order)).toBeNull();
      expect(await test.gateway.find(order)).toBeNull();
      expect((await test.gateway.authorise(visa)).status).toBe('authorised');
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000 });
    });

    it('tells another process how the payment is now, with its name and without', async () => {
      const test = await open();
      const { paymentId } = await test.gateway.authorise(visa);
      const other = test.another();
      const payment = await other.find(order);
      expect(payment).toMatchObject({ paymentId, status: 'authorised' });
      await test.gateway.capture(payment as Payment);
      await test.gateway.refund(payment as Payment, { refundId: 'r1', amountMinor: 5_000 });
      const now = { paymentId, status: 'partly-refunded', refundedMinor: 5_000 };
      expect(await other.find(order)).toMatchObject(now);
      expect(await other.find({ ...order, paymentId })).toMatchObject(now);
    });
  });

  describe('capture', () => {
    it('takes the amount once, however often it is asked', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      const captured = await test.gateway.capture(payment);
      expect(captured).toEqual({ ...payment, status: 'captured' });
      expect(await test.another().capture(payment)).toEqual(captured);
      expect(await test.gateway.authorise(visa)).toEqual(captured);
      expect(moneyOf(test)).toMatchObject({ authorised: 245_000, captured: 245_000, netCharged: 245_000 });
    });

    it('takes it once from two who ask at the same time', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      const captures = [test.gateway, test.another()].map((gateway) => gateway.capture(payment));
      expect((await Promise.all(captures)).map(({ status }) => status)).toEqual(['captured', 'captured']);
      expect(moneyOf(test).captured).toBe(245_000);
    });

    it('is REFUSED every time for pm_card_captureFails, which can still be voided', async () => {
      const test = await open();
      const payment = await test.gateway.authorise({ ...order, card: 'pm_card_captureFails' });
      expect(await code(test.gateway.capture(payment))).toBe('REFUSED');
      expect(await code(test.gateway.capture(payment))).toBe('REFUSED');
      expect(await test.gateway.void(payment)).toMatchObject({ status: 'voided' });
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000, voided: 245_000 });
    });

    it('is TIMEOUT once for pm_card_captureTimesOutOnce, and has taken the amount', async () => {
      const test = await open();
      const payment = await test.gateway.authorise({ ...order, card: 'pm_card_captureTimesOutOnce' });
      expect(await code(test.gateway.capture(payment))).toBe('TIMEOUT');
      expect((await test.gateway.capture(payment)).status).toBe('captured');
      expect(moneyOf(test).captured).toBe(245_000);
    });

    it('is REFUSED for a payment that was voided, and for one that there is not', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      await test.gateway.void(payment);
      expect(await code(test.gateway.capture(payment))).toBe('REFUSED');
      expect(await code(test.gateway.capture({ ...payment, paymentId: 'nobody' }))).toBe('REFUSED');
      expect(moneyOf(test).captured).toBe(0);
    });
  });

  describe('void', () => {
    it('frees the amount once, and the order is not charged any more', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      const voided = await test.gateway.void(payment);
      expect(voided).toEqual({ ...payment, status: 'voided' });
      expect(await test.another().void(payment)).toEqual(voided);
      expect(await test.gateway.authorise(visa)).toEqual(voided);
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000, voided: 245_000 });
    });

    it.each(['no card', 'pm_card_chargeDeclined', 'pm_card_of_nobody', 'pm_card_timeoutBefore'])(
      'is final after %s: no card is charged for the order any more',
      async (card) => {
        const test = await open();
        if (card !== 'no card') await code(test.gateway.authorise({ ...order, card }));
        expect(await test.gateway.void(order)).toMatchObject({ ...order, status: 'voided' });
        expect(await test.another().void(order)).toMatchObject({ status: 'voided' });
        expect(await test.another().authorise(visa)).toMatchObject({ status: 'voided', declineCode: null });
        expect(await test.gateway.find(order)).toMatchObject({ status: 'voided' });
        expect(moneyOf(test)).toEqual(nothing);
      },
    );

    it('and authorise at the same time: nothing stays reserved', async () => {
      const test = await open();
      const other = test.another();
      await Promise.all([code(test.gateway.authorise(visa)), code(other.void(order))]);
      await other.void(order);
      const { authorised, captured, voided } = moneyOf(test);
      expect([authorised - voided, captured]).toEqual([0, 0]);
    });

    it('is REFUSED once the amount was taken', async () => {
      const test = await open();
      const payment = await test.gateway.capture(await test.gateway.authorise(visa));
      expect(await code(test.gateway.void(payment))).toBe('REFUSED');
      expect(moneyOf(test).netCharged).toBe(245_000);
    });

    it('and capture at the same time: one of them wins', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      const other = test.another();
      const answers = await Promise.all([code(test.gateway.capture(payment)), code(other.void(payment))]);
      expect([...answers].sort()).toEqual(['REFUSED', 'answered']);
      const { captured, voided } = moneyOf(test);
      expect(captured + voided).toBe(245_000);
    });
  });

  describe('refund', () => {
    const captured = async (test: GatewayUnderTest) =>
      test.gateway.capture(await test.gateway.authorise(visa));

    it('gives back a part, then the rest', async () => {
      const test = await open();
      const payment = await captured(test);
      const part = await test.gateway.refund(payment, { refundId: 'r1', amountMinor: 45_000 });
      expect(part).toMatchObject({ status: 'partly-refunded', refundedMinor: 45_000 });
      const rest = await test.gateway.refund(payment, { refundId: 'r2', amountMinor: 200_000 });
      expect(rest).toMatchObject({ status: 'refunded', refundedMinor: 245_000 });
      expect(moneyOf(test)).toMatchObject({ captured: 245_000, refunded: 245_000, netCharged: 0 });
    });

    it('gives back once for one refundId, asked again and at the same time', async () => {
      const test = await open();
      const payment = await captured(test);
      const refund = { refundId: 'r1', amountMinor: 45_000 };
      const other = test.another();
      await Promise.all([test.gateway.refund(payment, refund), other.refund(payment, refund)]);
      expect(await test.gateway.refund(payment, refund)).toMatchObject({ refundedMinor: 45_000 });
      expect(moneyOf(test).refunded).toBe(45_000);
    });

    it('is REFUSED beyond what was taken, and for another amount under the same refundId', async () => {
      const test = await open();
      const payment = await captured(test);
      const refund = (refundId: string, amountMinor: number) =>
        code(test.gateway.refund(payment, { refundId, amountMinor }));
      expect(await refund('r1', 245_001)).toBe('REFUSED');
      expect(await refund('r2', 200_000)).toBe('answered');
      expect(await refund('r2', 100_000)).toBe('REFUSED');
      expect(await refund('r3', 45_001)).toBe('REFUSED');
      expect(await refund('r4', 0)).toBe('REFUSED');
      expect(await refund('', 1)).toBe('REFUSED');
      expect(moneyOf(test).refunded).toBe(200_000);
    });

    it('is REFUSED for an amount that was only reserved', async () => {
      const test = await open();
      const payment = await test.gateway.authorise(visa);
      expect(await code(test.gateway.refund(payment, { refundId: 'r1', amountMinor: 1 }))).toBe('REFUSED');
      expect(moneyOf(test)).toEqual({ ...nothing, authorised: 245_000 });
    });

    it('is seen by a capture that comes again, which takes nothing more', async () => {
      const test = await open();
      const payment = await captured(test);
      const refunded = await test.gateway.refund(payment, { refundId: 'r1', amountMinor: 45_000 });
      expect(await test.gateway.capture(payment)).toEqual(refunded);
      expect(moneyOf(test)).toMatchObject({ captured: 245_000, netCharged: 200_000 });
    });
  });
}
