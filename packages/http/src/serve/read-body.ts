import { invalidRequest, type Problem, problem } from '../problem.ts';

const json = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i;

/** What is not UTF-8 is refused: replaced by question marks it would be kept as what nobody wrote. */
const utf8 = { fatal: true };

/** The fields of a JSON body, or why it cannot be read. No body is one without fields. */
export async function readBody(
  request: Request,
  maxBytes: number,
): Promise<{ fields: Record<string, unknown> } | { refused: Problem }> {
  let text: string | null;
  try {
    text = await readText(request, maxBytes);
  } catch {
    // Whoever sent it went away, sent less than they said, or something else than text: no defect of ours.
    return { refused: invalidRequest([{ field: '', message: 'the body broke off, or is not UTF-8' }]) };
  }
  if (text === null) return { refused: problem('BODY_TOO_LARGE', { facts: { maxBytes } }) };
  if (text === '') return { fields: {} };
  if (!json.test(request.headers.get('content-type') ?? ''))
    return { refused: problem('UNSUPPORTED_MEDIA_TYPE') };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { refused: invalidRequest([{ field: '', message: 'the body is not JSON' }]) };
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { refused: invalidRequest([{ field: '', message: 'expected a JSON object' }]) };
  }
  return { fields: body as Record<string, unknown> };
}

/**
 * The text of a body; null where it is longer than may be, which is known before it is read where its length is stated. A server
 * holds a sender to that length, but a parser before may have unpacked the body, so the text is measured too.
 */
async function readText(request: Request, maxBytes: number): Promise<string | null> {
  const stated = request.headers.get('content-length');
  if (stated !== null && /^\d+$/.test(stated)) {
    if (Number(stated) > maxBytes) return null;
    const bytes = await request.arrayBuffer();
    return bytes.byteLength > maxBytes ? null : new TextDecoder('utf-8', utf8).decode(bytes);
  }
  if (!request.body) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder('utf-8', utf8);
  let bytes = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
