/**
 * True where two texts are the same. It takes as long wherever they differ, so that nobody can find out a secret one
 * character after another; that they differ in length does show.
 */
export function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let differing = 0;
  for (let place = 0; place < a.length; place += 1) differing |= a.charCodeAt(place) ^ b.charCodeAt(place);
  return differing === 0;
}
