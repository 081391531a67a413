import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What browsers are told not to do. Pages have no script and load nothing from elsewhere; a page that needs more, such as the API's
 * reference, brings a policy of its own. TLS is asked for only in production: a developer's machine has none.
 */
export function securityHeaders({ production }: { production: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    // Not `no-referrer`: a form would then come with the origin `null`, as if from another site.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: production,
  });
}
