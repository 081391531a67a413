import type { ShopMigration } from '../shop-migrations.ts';

const statements = ['ALTER TABLE refunds ADD COLUMN problem text'];

/** Why a gateway refuses to give a refund's money back. */
export const refundProblems: ShopMigration = {
  name: '0004-refund-problems',
  sqlite: statements,
  postgres: statements,
};
