import type { SignedInUser } from '../../accounts/signed-in-user.ts';
import { type Html, html } from '../html.ts';

/** What the first page has to say. */
export interface HomePageFacts {
  user: SignedInUser | undefined;
  loginFailed: boolean;
  /** The people of the demo; none in production. */
  accounts: readonly { email: string; password: string; role: SignedInUser['role'] }[];
  /** Cards to try, where no real one is charged. */
  cards: readonly { token: string; number: string; happens: string }[];
}

/** The first page: what this is, what can be opened, and whom to be. It needs no script. */
export function homePage({ user, loginFailed, accounts, cards }: HomePageFacts): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Cathay Shop</title>
  <meta name="description" content="A shop whose customers pay with miles and cash. The example of Loyalty Engine.">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/home.css">
</head>
<body>
  <a class="skip" href="#main">Skip to the content</a>
  <header>
    <p class="brand">Cathay Shop</p>
    ${user ? signedIn(user) : null}
  </header>
  <main id="main">
    <h1>Pay with miles and cash</h1>
    <p class="lead">An online shop on Loyalty Engine. Every ₹10 paid earns a point, every point pays ₹1.
      It is an example: look around, buy something, take it back.</p>
    ${user ? null : loginForm(loginFailed)}
    ${whatToOpen(user)}
    ${accounts.length > 0 ? people(accounts) : null}
    ${cards.length > 0 ? testCardTable(cards) : null}
  </main>
  <footer><p>An example of <strong>Loyalty Engine</strong>. Nothing here is for sale.</p></footer>
</body>
</html>
`.text;
}

function signedIn({ name }: SignedInUser): Html {
  return html`<form class="who" method="post" action="/logout">
      <span>Signed in as <strong>${name}</strong></span>
      <button type="submit" class="quiet">Log out</button>
    </form>`;
}

function loginForm(failed: boolean): Html {
  const message = failed
    ? html`<p class="error" role="alert">Email address and password do not match an account.</p>`
    : null;
  return html`<section aria-labelledby="login">
      <h2 id="login">Log in</h2>
      ${message}
      <form class="login" method="post" action="/login">
        <label for="email">Email</label>
        <input id="email" name="email" type="email" autocomplete="username" required>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required>
        <button type="submit">Log in</button>
      </form>
    </section>`;
}

function whatToOpen(user: SignedInUser | undefined): Html {
  const links: [href: string, name: string, what: string][] = [
    ['/products/', 'Products', 'all that the shop sells'],
    ['/products/search?q=cotton&sort=price-asc', 'Search', '“cotton”, the cheapest first'],
  ];
  if (user) {
    links.push(['/user/points', 'Your points', 'what you have and what ends next']);
    links.push(['/orders/', 'Your orders', 'what you bought in this shop']);
  }
  if (user?.role === 'admin')
    links.push(['/admin/transactions', 'Transactions', 'every entry of the ledger, newest first']);
  links.push(['/loyalty/reference', 'Loyalty API', 'every route, to read and to try']);
  links.push(['/loyalty/openapi.json', 'OpenAPI document', 'the same for programs']);
  return html`<section aria-labelledby="open">
      <h2 id="open">What to open</h2>
      <ul class="links">
        ${links.map(
          ([href, name, what]) => html`<li><a href="${href}">${name}</a> <span>${what}</span></li>
        `,
        )}
      </ul>
    </section>`;
}

function people(accounts: HomePageFacts['accounts']): Html {
  return html`<section aria-labelledby="people">
      <h2 id="people">Whom to log in as</h2>
      <div class="wide" role="group" aria-labelledby="people" tabindex="0">
      <table>
        <thead><tr><th scope="col">Email</th><th scope="col">Password</th><th scope="col">Role</th></tr></thead>
        <tbody>
        ${accounts.map(
          ({
            email,
            password,
            role,
          }) => html`<tr><td>${email}</td><td><code>${password}</code></td><td>${role}</td></tr>
        `,
        )}
        </tbody>
      </table>
      </div>
    </section>`;
}

function testCardTable(cards: HomePageFacts['cards']): Html {
  return html`<section aria-labelledby="cards">
      <h2 id="cards">Cards to pay with</h2>
      <p>No money moves: a simulator stands in for the bank. At the checkout a card is its token.</p>
      <div class="wide" role="group" aria-labelledby="cards" tabindex="0">
      <table>
        <thead><tr><th scope="col">Token</th><th scope="col">Number</th><th scope="col">What happens</th></tr></thead>
        <tbody>
        ${cards.map(
          ({
            token,
            number,
            happens,
          }) => html`<tr><td><code>${token}</code></td><td>${number}</td><td>${happens}</td></tr>
        `,
        )}
        </tbody>
      </table>
      </div>
    </section>`;
}
