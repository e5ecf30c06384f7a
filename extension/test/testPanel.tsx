import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { HydropsState } from '../src/state/HydropsState';
import { HydropsPanel } from '../src/panel/HydropsPanel';
import { FakeService } from './testService';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** The panel in a document of its own, found by what a reader finds it by: names and texts. */
export class TestPanel {
  readonly service: FakeService;
  readonly container = document.createElement('div');
  private readonly root: Root;

  constructor(state: HydropsState) {
    this.service = new FakeService(state);
    document.body.append(this.container);
    this.root = createRoot(this.container);
    act(() => this.root.render(<HydropsPanel service={this.service} />));
  }

  end(): void {
    act(() => this.root.unmount());
    this.container.remove();
  }

  get text(): string {
    return (this.container.textContent ?? '').replace(/\u00a0/g, ' ');
  }

  get commands() {
    return this.service.commands;
  }

  update(change: Partial<HydropsState>): void {
    act(() => this.service.update(change));
  }

  element(selector: string): HTMLElement {
    const found = this.container.querySelectorAll<HTMLElement>(selector);
    const [only] = found;
    if (!only || found.length > 1) throw new Error(`${found.length} elements match ${selector}`);
    return only;
  }

  buttonsNamed(name: string): HTMLButtonElement[] {
    return [...this.container.querySelectorAll('button')].filter(
      (button) => (button.getAttribute('aria-label') ?? button.textContent) === name
    );
  }

  click(name: string): void {
    const buttons = this.buttonsNamed(name);
    const [only] = buttons;
    if (!only || buttons.length > 1) throw new Error(`${buttons.length} buttons are named ${name}`);
    act(() => only.click());
  }

  /** Text of a table's rows, cell by cell. */
  rows(table: string): string[][] {
    return [...this.element(`table[aria-label="${table}"]`).querySelectorAll('tbody tr')].map(
      (row) => [...row.children].map((cell) => (cell.textContent ?? '').replace(/\u00a0/g, ' '))
    );
  }
}
