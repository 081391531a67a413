import { createHash } from 'node:crypto';
import { escapeHtml } from '../server/html.ts';
import type { Payment } from './payment-gateway.ts';

const style = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f3f5f7, #14181c); }
main { box-sizing: border-box; width: min(28rem, 100vw); padding: 2rem 1.5rem; background: light-dark(#fff, #1f252b);
  border-radius: .75rem; box-shadow: 0 1px 8px #0003; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; }
.amount { margin: 1rem 0; font-size: 2rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.note { color: light-dark(#4a5560, #aeb8c2); font-size: .9375rem; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button { flex: 1 1 10rem; min-height: 3rem; font: inherit; font-weight: 600; border-radius: .5rem; cursor: pointer;
  border: 2px solid light-dark(#006564, #5fc9c4); background: transparent; color: light-dark(#006564, #5fc9c4); }
button.approve { background: light-dark(#006564, #5fc9c4); color: light-dark(#fff, #10201f); }
button:focus-visible, a:focus-visible { outline: 3px solid light-dark(#b25a00, #ffb25c); outline-offset: 2px; }
a { color: inherit; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** The policy of these pages: their own style, a form to themselves, and nothing else. */
export const simulatorPagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The page of a bank that asks the customer: approve or decline; afterwards, what became of it. */
export function simulatorPage(payment: Payment): string {
  const title = payment.status === 'requires-action' ? 'Confirm your payment' : outcomeOf(payment);
  return page(
    title,
    `<p class="amount">${escapeHtml(moneyOf(payment))}</p>
<p class="note">To Cathay Shop, for order ${escapeHtml(payment.orderId)}.</p>
${payment.status === 'requires-action' ? question : backToShop}
<p class="note">This is the payment simulator: no bank is asked, and no money moves.</p>`,
  );
}

/** The page for a payment that there is not, and for an answer that is none. */
export function simulatorErrorPage(title: string): string {
  return page(title, backToShop);
}

const question = `<form method="post">
<button class="approve" name="answer" value="approve">Approve</button>
<button name="answer" value="decline">Decline</button>
</form>`;

const backToShop = '<p><a href="/">Back to the shop</a></p>';

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

function outcomeOf({ status }: Payment): string {
  if (status === 'declined') return 'Payment declined';
  return status === 'voided' ? 'Payment cancelled' : 'Payment approved';
}

/** `245000` of INR as `₹2,450.00`, by its digits: money is never a float. */
function moneyOf({ amountMinor, currency }: Payment): string {
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency });
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(amountMinor).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places);
  return format.format(`${whole}.${fraction || '0'}` as `${number}`);
}
