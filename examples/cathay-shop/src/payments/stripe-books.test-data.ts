import { randomUUID } from 'node:crypto';
import type { LedgerLine } from './simulator-ledger.ts';
import { invalid } from './stripe-idempotency.test-data.ts';
import { testCards } from './test-cards.ts';

export interface Answer {
  status: number;
  body?: object;
  replayed?: boolean;
  /** The answer does not arrive; `before`: and nothing was done. */
  lost?: 'before' | 'after';
}

type Form = Record<string, unknown>;

interface Intent {
  id: string;
  amount: number;
  currency: string;
  metadata: Record<string, string>;
  status: string;
  card: string;
  last_payment_error: object | null;
  authorised: number;
  captured: number;
  voided: number;
  refunded: number;
}

interface Refund {
  id: string;
  status: 'succeeded' | 'failed';
  amount: number;
  payment_intent: string;
  metadata: Record<string, string>;
}

/** PaymentIntents and refunds in memory, which change as Stripe's do. */
export function stripeBooks() {
  const intents = new Map<string, Intent>();
  const refunds: Refund[] = [];
  const cards = new Map(testCards.map((card) => [card.token, card]));

  function withIntent(id: string, states: string[], work: (intent: Intent) => Answer): Answer {
    const intent = intents.get(id);
    if (!intent) return invalid(404, { code: 'resource_missing', param: 'intent' });
    if (!states.includes(intent.status)) return invalid(400, { code: 'payment_intent_unexpected_state' });
    return work(intent);
  }

  return {
    create(form: Form): Answer {
      const amount = Number(form.amount);
      const strange = form.capture_method !== 'manual' || !/^[a-z]{3}$/.test(String(form.currency));
      if (strange || !(amount > 0)) return invalid(400, { code: 'parameter_invalid' });
      const id = `pi_${randomUUID()}`;
      const nothing = { authorised: 0, captured: 0, voided: 0, refunded: 0 };
      const currency = String(form.currency);
      const metadata = form.metadata as Record<string, string>;
      const status = 'requires_payment_method';
      const intent = {
        id,
        amount,
        currency,
        metadata,
        status,
        card: '',
        last_payment_error: null,
        ...nothing,
      };
      intents.set(id, intent);
      return shown(intent);
    },

    confirm: (id: string, token: unknown): Answer =>
      withIntent(id, ['requires_payment_method', 'requires_confirmation', 'requires_action'], (intent) => {
        const card = cards.get(String(token));
        if (!card) return invalid(404, { code: 'resource_missing', param: 'payment_method' });
        if (card.authoriseTimesOut === 'before') return { status: 504, lost: 'before' };
        intent.card = card.token;
        if (card.authorise === 'approved') {
          intent.status = 'requires_capture';
          intent.authorised += intent.amount;
          return { ...shown(intent), ...(card.authoriseTimesOut && { lost: card.authoriseTimesOut }) };
        }
        if (card.authorise === 'asks-the-customer') {
          intent.status = 'requires_action';
          return shown(intent);
        }
        intent.status = 'requires_payment_method';
        intent.last_payment_error = cardError(card.authorise.declineCode);
        return {
          status: 402,
          body: { error: { ...intent.last_payment_error, payment_intent: bodyOf(intent) } },
        };
      }),

    capture: (id: string): Answer =>
      withIntent(id, ['requires_capture'], (intent) => {
        const capture = cards.get(intent.card)?.capture;
        if (capture === 'refused') return invalid(400, { code: 'charge_expired_for_capture' });
        intent.status = 'succeeded';
        intent.captured += intent.amount;
        return { ...shown(intent), ...(capture === 'times-out-once' && { lost: 'after' }) };
      }),

    cancel: (id: string): Answer =>
      withIntent(id, ['requires_payment_method', 'requires_action', 'requires_capture'], (intent) => {
        if (intent.status === 'requires_capture') intent.voided += intent.amount;
        intent.status = 'canceled';
        return shown(intent);
      }),

    read(id: string): Answer {
      const intent = intents.get(id);
      return intent ? shown(intent) : invalid(404, { code: 'resource_missing', param: 'intent' });
    },

    refund: (form: Form): Answer =>
      withIntent(String(form.payment_intent), ['succeeded'], (intent) => {
        const amount = Number(form.amount);
        if (!(amount > 0)) return invalid(400, { code: 'parameter_invalid', param: 'amount' });
        if (intent.refunded + amount > intent.amount)
          return invalid(400, { code: 'charge_already_refunded' });
        intent.refunded += amount;
        const metadata = form.metadata as Record<string, string>;
        const id = `re_${randomUUID()}`;
        const refund: Refund = { id, status: 'succeeded', amount, payment_intent: intent.id, metadata };
        refunds.push(refund);
        return { status: 200, body: { object: 'refund', ...refund } };
      }),

    refundsOf(paymentId: string): Answer {
      const data = refunds.filter(({ payment_intent }) => payment_intent === paymentId);
      return { status: 200, body: { object: 'list', url: '/v1/refunds', has_more: false, data } };
    },

    failRefunds(): void {
      for (const refund of refunds) {
        const intent = intents.get(refund.payment_intent);
        if (intent && refund.status === 'succeeded') intent.refunded -= refund.amount;
        refund.status = 'failed';
      }
    },

    confirmAction(paymentId: string, approve: boolean): void {
      const intent = intents.get(paymentId);
      if (intent?.status !== 'requires_action') return;
      intent.status = approve ? 'requires_capture' : 'requires_payment_method';
      if (approve) intent.authorised += intent.amount;
      else intent.last_payment_error = cardError('payment_intent_authentication_failure');
    },

    ledger: (): LedgerLine[] => ledgerOf([...intents.values()]),
  };
}

/** As Stripe words it: the general decline has a decline code of its own, and a failed confirmation has none. */
function cardError(code: string): object {
  const type = 'card_error';
  const message = 'Your card was declined.';
  if (code === 'payment_intent_authentication_failure') return { type, code, message };
  if (code === 'expired_card') return { type, code, decline_code: code, message };
  const declineCode = code === 'card_declined' ? 'generic_decline' : code;
  return { type, code: 'card_declined', decline_code: declineCode, message };
}

function shown(intent: Intent): Answer {
  return { status: 200, body: bodyOf(intent) };
}

/** Copied, as an answer is: what was said once does not change with the intent. */
function bodyOf({ card: _, authorised, captured, voided, refunded, ...intent }: Intent): object {
  const charge = {
    id: `ch_${intent.id}`,
    object: 'charge',
    amount: intent.amount,
    amount_refunded: refunded,
  };
  const latestCharge = authorised > 0 ? charge : null;
  const secret = `${intent.id}_secret_local`;
  return { object: 'payment_intent', ...intent, client_secret: secret, latest_charge: latestCharge };
}

function ledgerOf(intents: Intent[]): LedgerLine[] {
  const lines = new Map<string, LedgerLine>();
  for (const { id, metadata, authorised, captured, voided, refunded } of intents) {
    const orderId = metadata.order_id ?? '';
    const nothing = { authorised: 0, captured: 0, voided: 0, refunded: 0, netCharged: 0 };
    const line = lines.get(orderId) ?? { orderId, paymentId: id, ...nothing };
    line.authorised += authorised;
    line.captured += captured;
    line.voided += voided;
    line.refunded += refunded;
    line.netCharged += captured - refunded;
    lines.set(orderId, line);
  }
  return [...lines.values()];
}
