import type { Logger } from 'pino';
import type { ShopDatabase } from '../database/shop-database.ts';
import type { PaymentGateway } from '../payments/payment-gateway.ts';

/** What selling needs: where orders and points are kept, who charges cards, and where it is said what must be looked at. */
export interface ShopServices {
  database: ShopDatabase;
  gateway: PaymentGateway;
  logger: Pick<Logger, 'info' | 'error'>;
}
