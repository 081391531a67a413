import { type Claiming, once } from './once.ts';

interface OfMerchant {
  merchantId: string | undefined;
  params: { merchantId: string };
}

/** True where the merchant of the path is one that the principal reaches. */
export function reaches({ merchantId, params }: OfMerchant): boolean {
  return merchantId === undefined || merchantId === params.merchantId;
}

/** Changes the books of the merchant that the path names, once under the request's key; null where it is not reached. */
export async function changed<Input, Answer extends object>(
  call: OfMerchant & Claiming,
  input: Input,
  change: (input: Input) => Promise<Answer>,
  kept?: (answer: Answer) => Answer,
): Promise<(Answer & { replayed?: boolean }) | null> {
  return reaches(call) ? once(call, call.params.merchantId, () => change(input), kept) : null;
}
