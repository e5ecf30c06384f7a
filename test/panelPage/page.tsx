import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createPortal } from 'react-dom';
import { HydropsPanel } from '../../extension/src/panel';
import { STYLES } from '../../extension/src/panel/styles';
import { FakeService } from '../../extension/test/testService';
import { STATES } from './states';

// The panel without a viewer, in every state, one below the other: `npm run panel`, or /panel under `npm run dev`.

/** The host's side panel as it opens, and drawn wider by the reader. Pixels. */
const WIDTHS = [280, 400];
/** `?height=640`: as on a screen that shows so much of the panel, the rest of which scrolls. Pixels. */
const HEIGHT = Number(new URLSearchParams(location.search).get('height')) || null;
const SIDE = { position: 'sticky', top: 12, width: 200, flex: 'none' } as const;

/** Notes what the panel asks for, and does nothing else. */
class PageService extends FakeService {
  constructor(
    state: ReturnType<FakeService['getState']>,
    private readonly onCommand: (words: string) => void
  ) {
    super(state);
  }
  override runCommand = (name: string, options?: Record<string, unknown>) => {
    this.onCommand(`${name} ${options ? JSON.stringify(options) : ''}`);
  };
}

/** As the panel's custom element has it: its own style sheet in a shadow root. */
function Shadow({ width, children }: { width: number; children: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  useEffect(() => {
    if (host.current)
      setRoot(host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' }));
  }, []);
  return (
    <div ref={host} style={{ width, height: HEIGHT ?? 'auto', flex: 'none' }}>
      {root &&
        createPortal(
          <>
            <style>{STYLES}</style>
            {children}
          </>,
          root
        )}
    </div>
  );
}

/** Presses a button of the panel beside it, once. */
function Press({ name }: { name: string }) {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const beside = mark.current?.getRootNode() as ShadowRoot | undefined;
    const buttons = [...(beside?.querySelectorAll('button') ?? [])];
    buttons.find(({ textContent }) => textContent === name)?.click();
  }, [name]);
  return <span ref={mark} hidden />;
}

function Entry({ of: [name, state, pressed] }: { of: (typeof STATES)[number] }) {
  const [command, setCommand] = useState('');
  const service = useMemo(() => new PageService(state, setCommand), [state]);
  const id = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return (
    <section id={id} style={{ display: 'flex', gap: 24, alignItems: 'flex-start', padding: 12 }}>
      <div style={SIDE}>
        <h2 style={{ font: '600 15px system-ui', margin: 0 }}>
          <a href={`#${id}`} style={{ color: 'inherit' }}>
            {name}
          </a>
        </h2>
        <p style={{ font: '12px ui-monospace, monospace', overflowWrap: 'anywhere' }}>{command}</p>
      </div>
      {WIDTHS.map((width) => (
        <Shadow key={width} width={width}>
          <HydropsPanel service={service} />
          {pressed && <Press name={pressed} />}
        </Shadow>
      ))}
    </section>
  );
}

function Page() {
  return (
    <>
      {STATES.map((entry) => (
        <Entry key={entry[0]} of={entry} />
      ))}
    </>
  );
}

// As the host's page round its panels.
Object.assign(document.body.style, { margin: '0', background: '#000', color: '#c5d0ea' });
document.documentElement.style.colorScheme = 'dark';
createRoot(document.getElementById('states') as HTMLElement).render(<Page />);
