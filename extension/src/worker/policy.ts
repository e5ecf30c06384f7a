/** What a Content Security Policy of the site has kept from being loaded or run. */
export interface Blocked {
  /** e.g. worker-src */
  directive: string;
  /** The whole policy, as the server sends it. */
  policy: string;
}

type Violation = Pick<
  SecurityPolicyViolationEvent,
  'blockedURI' | 'disposition' | 'effectiveDirective' | 'originalPolicy'
>;

/** The browser may tell of what it has blocked a moment after the failure. */
const LATE_MS = 50;

/**
 * Notes what a policy blocks from now on. What fails by a policy fails without a reason; the browser tells the reason to
 * whoever listens, in a page and in a worker alike.
 */
export class PolicyWatch {
  private readonly violations: Violation[] = [];

  /** @param target a page's window or a worker's global scope; null where there is no browser, as in a unit test. */
  constructor(private readonly target: EventTarget | null = browserScope()) {
    target?.addEventListener('securitypolicyviolation', this.note);
  }

  /** What was blocked of these addresses so far; `blob` stands for all that begin with `blob:`. */
  async blocked(addresses: readonly string[]): Promise<Blocked | null> {
    if (!this.target) return null;
    await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    const found = this.violations.find(({ blockedURI }) => addresses.includes(blockedURI));
    return found ? { directive: found.effectiveDirective, policy: found.originalPolicy } : null;
  }

  end(): void {
    this.target?.removeEventListener('securitypolicyviolation', this.note);
  }

  private readonly note = (event: Event): void => {
    const violation = event as SecurityPolicyViolationEvent;
    // A policy on trial reports and blocks nothing.
    if (violation.disposition === 'enforce') this.violations.push(violation);
  };
}

function browserScope(): EventTarget | null {
  return typeof globalThis.addEventListener === 'function' ? globalThis : null;
}

/** Finishes a sentence that names the file. */
export function blockedWords({ directive, policy }: Blocked): string {
  return `the site's Content Security Policy blocks it (${directive}; the policy is "${policy}")`;
}

export const POLICY_REMEDY =
  'Trying again does not help. Ask whoever runs this viewer to allow it in the Content-Security-Policy header; docs/install.md has the policy that this mode needs.';
