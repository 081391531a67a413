import type { LoyaltyClient } from '../src/index.ts';
import type { Company } from './company.ts';

type Operations = Readonly<Record<string, (input: never, options: never) => Promise<unknown>>>;

/** What is sent in a test of an operation, by a company's own names, and what of the answer must be so. */
export interface Call<Input> {
  input(of: Company): Input;
  answer(of: Company): object;
}

/** A call of every operation of an area: without one of them it does not compile. */
export type Calls<Area extends keyof LoyaltyClient> = CallsOf<LoyaltyClient[Area]>;
type CallsOf<Each extends Operations> = {
  [Name in keyof Each]: Call<NonNullable<Parameters<Each[Name]>[0]>>;
};
