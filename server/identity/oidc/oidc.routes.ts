import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Foundation } from '../../access/foundation';
import { runIn } from '../../crypto/access-scope';
import { anonymous, RequestContext } from '../../graphql/context';
import { ChartsealError } from '../../graphql/errors';
import { ownOrigin } from '../same-origin';
import type { SecondStepService } from '../second-factor/second-step.service';
import type { AttemptCookie } from './attempt-cookie';
import { OidcRefused, type OidcAccounts } from './oidc-accounts';
import type { Provider } from './provider';

export interface OidcParts {
  provider: Provider;
  accounts: OidcAccounts;
  cookie: AttemptCookie;
  secondStep: SecondStepService;
  publicUrl: string | null;
}

const START = '/oidc/start';
const CALLBACK = '/oidc/callback';

/** Other sites' links and pictures lead to the sign-in page: a person signs in by a button of ours (Fetch Metadata). */
const FOREIGN: ReadonlySet<unknown> = new Set(['cross-site', 'same-site']);

/**
 * The way to the hospital's own sign-in service and back. Both ends are pages a browser goes to, so what goes wrong ends on
 * the sign-in page, in one sentence; the log says what it was.
 */
export function oidcRoutes(base: Foundation, parts: OidcParts): FastifyPluginAsync {
  const { provider, accounts, cookie, secondStep, publicUrl } = parts;

  const begin = async (context: RequestContext, request: FastifyRequest, reply: FastifyReply) => {
    if (FOREIGN.has(request.headers['sec-fetch-site'])) return reply.redirect('/sign-in');
    const { url, attempt } = await provider.begin(ownOrigin(request, publicUrl) + CALLBACK);
    cookie.set(context.http!, attempt);
    return reply.redirect(url.href);
  };

  const finish = async (context: RequestContext, request: FastifyRequest, reply: FastifyReply) => {
    const attempt = cookie.take(context.http!);
    if (!attempt) throw new OidcFailed();
    const returned = new URL(request.url, ownOrigin(request, publicUrl));
    const identified = await provider.finish(returned, attempt).catch((error: unknown) => {
      throw isWrongAnswer(error) ? new OidcFailed() : error;
    });
    const user = await accounts.accountOf(context, identified);
    await secondStep.goOn(context, user);
    return reply.redirect('/');
  };

  return async (fastify) => {
    const page = (url: string, go: typeof begin) =>
      fastify.get(url, async (request, reply) => {
        const http = { request, reply };
        const named = { requestId: request.id, ip: request.ip, operation: 'oidc', purpose: 'operations', http };
        const context = new RequestContext({ actor: anonymous, ...named });
        reply.header('cache-control', 'no-store').header('x-request-id', request.id);
        return runIn(context, () =>
          go(context, request, reply).catch((error: unknown) => refuse(base, error, request, reply)),
        );
      });
    page(START, begin);
    page(CALLBACK, finish);
  };
}

/** The answer is wrong, rather than the provider away: by the codes of oauth4webapi, on which openid-client stands. */
function isWrongAnswer(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('OAUTH_') && !['OAUTH_TIMEOUT', 'OAUTH_ABORT'].includes(code);
}

/** What came back is no sign-in of this browser. */
class OidcFailed extends Error {}

/** A second factor is asked for on the sign-in page; its ticket stands after #, so that it reaches no server log. */
async function refuse(base: Foundation, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof ChartsealError && error.extensions.ticket) {
    const { ticket, factors } = error.extensions as { ticket: string; factors: string[] };
    return reply.redirect(`/sign-in#ticket=${ticket}&factors=${factors.join(',')}`);
  }
  const refused = error instanceof OidcRefused ? error : null;
  const expected = refused ?? (error instanceof OidcFailed || error instanceof ChartsealError);
  if (!expected) request.log.error({ err: error }, 'the sign-in service could not be asked');
  if (expected) {
    const target = { type: 'user', id: refused?.userId ?? null };
    await base.audit.record({ action: 'sign-in', outcome: 'failed', target, reason: `sign-in service: ${refused?.why ?? 'no valid answer'}` }); // prettier-ignore
  }
  return reply.redirect(`/sign-in#provider=${expected ? 'refused' : 'away'}`);
}
