import { customerId, emailOf, password } from './customers.ts';

/** Logs customers in and gives the `Cookie` header of each session. */
export async function logIn(url: string, customers: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let index = 0; index < customers; index += 1) {
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: emailOf(customerId(index)), password }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (response.status !== 200 || cookie === undefined)
      throw new Error(`The login of ${customerId(index)} was answered with ${response.status}`);
    cookies.push(cookie);
  }
  return cookies;
}
