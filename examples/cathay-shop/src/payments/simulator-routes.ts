import { type Response, Router, urlencoded } from 'express';
import type { Simulator } from './simulator.ts';
import { simulatorErrorPage, simulatorPage, simulatorPagePolicy } from './simulator-page.ts';

/**
 * GET and POST /payments/simulator/:paymentId: where the simulator sends a customer whose card asks for confirmation. Whoever
 * knows the payment's name, which nobody can guess, may answer; a second answer changes nothing. `onPayment` is told of the
 * order, as a webhook would.
 */
export function simulatorRoutes(
  simulator: Simulator,
  { onPayment }: { onPayment(orderId: string): Promise<void> },
): Router {
  const router = Router();

  router.get('/payments/simulator/:paymentId', async (request, response) => {
    const payment = await simulator.payment(request.params.paymentId);
    if (!payment) return send(response, 404, simulatorErrorPage('There is no such payment'));
    send(response, 200, simulatorPage(payment));
  });

  router.post(
    '/payments/simulator/:paymentId',
    urlencoded({ extended: false, limit: '1kb' }),
    async (request, response) => {
      const { paymentId } = request.params;
      const answer: unknown = request.body?.answer;
      if (answer !== 'approve' && answer !== 'decline') {
        return send(response, 400, simulatorErrorPage('Please approve or decline'));
      }
      const payment = await simulator.payment(paymentId);
      if (!payment) {
        return send(response, 404, simulatorErrorPage('There is no such payment'));
      }
      await simulator.confirmAction(paymentId, answer === 'approve');
      await onPayment(payment.orderId);
      // After a redirect, a reload of the page asks nothing again.
      response.redirect(303, `/payments/simulator/${encodeURIComponent(paymentId)}`);
    },
  );

  return router;
}

function send(response: Response, status: number, page: string): void {
  response.status(status).set({
    'Content-Security-Policy': simulatorPagePolicy,
    'Cache-Control': 'no-store',
    // Under `no-referrer` a browser sends the form with `Origin: null`, as if it came from elsewhere.
    'Referrer-Policy': 'same-origin',
  });
  response.type('html').send(page);
}
