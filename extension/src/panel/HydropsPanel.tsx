import { useSyncExternalStore } from 'react';
import { RESEARCH_NOTICE, SOFTWARE } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state/HydropsState';
import { ComputeSection, NO_SERIES_ID } from './ComputeSection';
import { ConfigProblems } from './ConfigProblems';
import { ResultSection } from './ResultSection';
import { SeriesSection } from './SeriesSection';
import { StatusBar } from './StatusBar';
import { StoredResults } from './StoredResults';
import { UnsavedResults } from './UnsavedResults';
import type { PanelService } from './service';
import { seconds } from './words';

/** The panel "Inner Ear Hydrops": a view of the service's state; every button runs a command. */
export function HydropsPanel({ service }: { service: PanelService }) {
  const state = useSyncExternalStore(
    (listener) => service.subscribe(listener),
    () => service.getState()
  );
  const { measurement } = state;
  return (
    <div className="panel">
      <header>
        <h1>Inner Ear Hydrops</h1>
        <p className="notice">{RESEARCH_NOTICE}</p>
        <ModelLine state={state} />
      </header>
      <ConfigProblems problems={state.configProblems} />
      {state.series.length === 0 ? (
        <p className="hint" id={NO_SERIES_ID}>
          No MR series is loaded. Open a study with MRC, PPI and PEI in this mode.
        </p>
      ) : (
        <SeriesSection state={state} service={service} />
      )}
      <UnsavedResults state={state} service={service} />
      <ComputeSection state={state} service={service} />
      {measurement && <ResultSection state={state} measurement={measurement} service={service} />}
      {state.keepingProblem && <p className="hint">{state.keepingProblem}</p>}
      <StoredResults state={state} service={service} />
      <RunLine state={state} />
      <p className="caption">{SOFTWARE}</p>
      <StatusBar state={state} service={service} />
    </div>
  );
}

function ModelLine({ state }: { state: HydropsState }) {
  const model = state.measurement?.model ?? state.model;
  return (
    <p className="model">
      {model ? (
        <span title={`SHA-256 ${model.sha256}`}>
          Model {model.name} {model.version}
        </span>
      ) : (
        'Model not loaded yet'
      )}
      {state.modelNotice && <span className="reason">{state.modelNotice}</span>}
      {state.passedOver && (
        <span className="reason" data-code="backend-passed-over">
          {state.passedOver}
        </span>
      )}
    </p>
  );
}

/** How the result was computed; absent for a result without a computation in this browser. */
function RunLine({ state }: { state: HydropsState }) {
  const timings = state.measurement?.timings ?? {};
  const parts = Object.entries(timings).filter(([stage]) => stage !== 'total');
  if (!state.backend && parts.length === 0) return null;
  return (
    <footer>
      {state.backend && <span>Backend {state.backend}</span>}
      {timings.total !== undefined && <span> · total {seconds(timings.total)}</span>}
      {parts.length > 0 && (
        <span className="reason">
          {parts.map(([stage, time]) => `${stage} ${seconds(time)}`).join(', ')}
        </span>
      )}
    </footer>
  );
}
