import type { Problem } from '../card/check-ledger.ts';
import type { Entry } from '../card/entry.ts';
import type { Voucher } from '../merchant/reward.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';

/**
 * Follows a card's entries and compares them with its vouchers: each redeemed reward has one, and no voucher comes from
 * nowhere; those that are void were voided, once; as many are used as were handed out.
 */
export class VoucherCheck {
  private readonly redeemed = new Set<number>();
  private readonly voided = new Map<number, number>();
  private used = 0;

  follow({ seq, kind, reverses }: Entry): void {
    if (kind === 'reward') this.redeemed.add(seq);
    if (kind === 'void-reward' && reverses !== null)
      this.voided.set(reverses, (this.voided.get(reverses) ?? 0) + 1);
    if (kind === 'use-voucher') this.used += 1;
  }

  /** What the vouchers say otherwise. */
  problems(vouchers: readonly Voucher[]): Problem[] {
    const problems: Problem[] = [];
    const paid = new Set<number>();
    for (const { code, seq, status } of vouchers) {
      const times = this.voided.get(seq) ?? 0;
      if (!this.redeemed.has(seq)) problems.push(`voucher ${code}: entry ${seq} is no reward`);
      if (paid.has(seq)) problems.push(`voucher ${code}: entry ${seq} paid for another one`);
      paid.add(seq);
      if (times !== (status === 'void' ? 1 : 0))
        problems.push(`voucher ${code}: is ${status}, but was voided ${times} times`);
    }
    for (const seq of this.redeemed) {
      if (!paid.has(seq)) problems.push(`entry ${seq}: its voucher is not there`);
    }
    for (const seq of this.voided.keys()) {
      if (!this.redeemed.has(seq)) problems.push(`entry ${seq}: is no reward, but was voided as one`);
    }
    const used = vouchers.filter(({ status }) => status === 'used').length;
    if (used !== this.used) problems.push(`card: vouchers used is ${used}, the entries say ${this.used}`);
    return problems;
  }
}

const pageSize = 200;

/** All vouchers of a card, page by page. */
export async function allVouchers(store: LoyaltyStore, cardId: string): Promise<Voucher[]> {
  const vouchers: Voucher[] = [];
  let before: number | null = null;
  for (;;) {
    const page: Voucher[] = await store.vouchers(cardId, pageSize, before);
    vouchers.push(...page);
    const last = page.at(-1);
    if (!last || page.length < pageSize) return vouchers;
    before = last.seq;
  }
}
