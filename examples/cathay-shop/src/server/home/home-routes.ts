import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { userOf } from '../../accounts/require-user.ts';
import { type HomePageFacts, homePage } from './home-page.ts';

/** `GET /` and its stylesheet. */
export function homeRoutes(facts: Pick<HomePageFacts, 'accounts' | 'cards'>): Router {
  const router = Router();
  const stylesheet = readFileSync(new URL('./home.css', import.meta.url), 'utf8');
  router.get('/', (request, response) => {
    const loginFailed = request.query.login === 'failed';
    const page = homePage({ ...facts, user: userOf(response.locals), loginFailed });
    response.set('Cache-Control', 'no-store').type('html').send(page);
  });
  router.get('/home.css', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=300').type('css').send(stylesheet);
  });
  return router;
}
