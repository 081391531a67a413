import type { FieldError, ProblemBody } from './problem.ts';

/** An answer of the API that is not a success and no refusal of a command. */
export class LoyaltyProblem extends Error {
  readonly problem: ProblemBody;
  readonly status: number;
  readonly code: string;
  /** Which fields are wrong, where some are. */
  readonly errors: readonly FieldError[];
  /** When to try again, where the API says. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: ProblemBody, response: Response) {
    const { title, status, code, errors = [] } = problem;
    const [first] = errors;
    super(first ? `${title} ${first.field}: ${first.message}` : title);
    this.name = 'LoyaltyProblem';
    this.problem = problem;
    this.status = status;
    this.code = code;
    this.errors = errors;
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(wait) ? wait : null;
  }
}
