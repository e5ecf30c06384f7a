import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '@inner-ear-hydrops/core';
import type { FastifyRequest } from 'fastify';

/**
 * In the query of the printed address, and a request header for scripts. Not `token`: the viewer takes that name
 * for the archive's own.
 */
export const TOKEN_NAME = 'hydrops-token';

const SECRET_BYTES = 32;

/**
 * Who may use a running server. The printed address carries a token; a browser that opens it gets a cookie in
 * exchange. Both are made anew at each start, and nothing is written to disk.
 */
export class Access {
  private readonly token = secret();
  private readonly session = secret();

  /** @param path with or without a query of its own */
  addressWithToken(path: string): string {
    return `${path}${path.includes('?') ? '&' : '?'}${TOKEN_NAME}=${this.token}`;
  }

  isToken(given: string): boolean {
    return same(given, this.token);
  }

  /** By the cookie of a browser, or by a script's header. */
  allows({ headers, raw }: FastifyRequest): boolean {
    const header = headers[TOKEN_NAME];
    if (typeof header === 'string' && this.isToken(header)) return true;
    const name = cookieName(raw.socket.localPort);
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.some((cookie) => {
      const [key, value = ''] = cookie.split('=', 2);
      return key === name && same(value, this.session);
    });
  }

  /** Value of a Set-Cookie header. Without `Secure`: this server speaks plain HTTP, to this machine only. */
  cookie({ raw }: FastifyRequest): string {
    return `${cookieName(raw.socket.localPort)}=${this.session}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

/** Cookies of one host are shared by all its ports: two servers must not overwrite each other's. */
function cookieName(port: number | undefined): string {
  return `hydrops-${port ?? 0}`;
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Takes the same time wherever the texts differ. */
function same(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => Buffer.from(sha256(text), 'hex'));
  return timingSafeEqual(a!, b!);
}

/** The token that an address carries; null where it has none. */
export function tokenIn(url: string): string | null {
  return new URLSearchParams(queryOf(url)).get(TOKEN_NAME);
}

/** The address without its token. It stays on this server: what begins with two slashes names another. */
export function withoutToken(url: string): string {
  const path = `/${(url.split('?', 1)[0] ?? '').replace(/^[/\\]+/, '')}`;
  const kept = queryOf(url)
    .split('&')
    .filter((field) => !new URLSearchParams(field).has(TOKEN_NAME));
  const query = kept.join('&');
  return query === '' ? path : `${path}?${query}`;
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}
