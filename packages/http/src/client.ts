export {
  createLoyaltyClient,
  type LoyaltyClient,
  type LoyaltyClientOptions,
  type RequestOptions,
} from './create-loyalty-client.ts';
export { LoyaltyProblem } from './loyalty-problem.ts';
export type { FieldError, ProblemBody } from './problem.ts';
