import { expect, test } from 'vitest';
import { html } from './html.ts';

test('escapes what goes in, and nothing twice', () => {
  const name = `<img src=x onerror='a' alt="b"> & co`;
  expect(html`<p>${name}</p>`.text).toBe(
    '<p>&lt;img src=x onerror=&#39;a&#39; alt=&quot;b&quot;&gt; &amp; co</p>',
  );
  expect(html`<ul>${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}</ul>${null}${html`<hr>`}`.text).toBe(
    '<ul><li>1</li><li>&lt;</li></ul><hr>',
  );
});
