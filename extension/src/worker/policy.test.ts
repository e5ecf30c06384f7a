import { PolicyWatch } from './policy';

const violation = (blockedURI: string, disposition = 'enforce') =>
  Object.assign(new Event('securitypolicyviolation'), {
    blockedURI,
    disposition,
    effectiveDirective: 'worker-src',
    originalPolicy: "worker-src 'self'",
  });

it('tells directive and policy of what was blocked, also where the browser says so a moment later', async () => {
  const page = new EventTarget();
  const watch = new PolicyWatch(page);
  const asked = watch.blocked(['blob']);
  page.dispatchEvent(violation('blob'));
  await expect(asked).resolves.toEqual({ directive: 'worker-src', policy: "worker-src 'self'" });
});

it('blames no policy for what it blocked elsewhere, only reports, or blocked after the end', async () => {
  const page = new EventTarget();
  const watch = new PolicyWatch(page);
  page.dispatchEvent(violation('eval'));
  page.dispatchEvent(violation('blob', 'report'));
  watch.end();
  page.dispatchEvent(violation('blob'));
  await expect(watch.blocked(['blob'])).resolves.toBeNull();
});
