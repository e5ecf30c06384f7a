/**
 * Inversion-recovery signal of the fluids, S = PD·(1 − 2·exp(−TI/T1) + exp(−TR/T1))·exp(−TE/T2),
 * signed; times in ms, concentrations in mM, relaxivities in L/mmol/s (gadolinium in
 * plasma at 3 T). Voxel averages are taken of the signed signal, the magnitude afterwards.
 */
export interface Protocol {
  /** Of PPI and PEI. */
  repetitionTime: number;
  /** Of the cisternography, which has no inversion. */
  cisternographyRepetitionTime: number;
  echoTime: number;
  inversionTime: { ppi: number; pei: number };
}
export const PAPER_PROTOCOL: Protocol = {
  repetitionTime: 9000,
  cisternographyRepetitionTime: 4400,
  echoTime: 540,
  inversionTime: { ppi: 2250, pei: 2050 },
};

export interface Relaxation {
  t1: number;
  t2: number;
}
export const FLUIDS = {
  cerebrospinalFluid: { t1: 4309, t2: 1886 },
  endolymph: { t1: 4200, t2: 1500 },
  perilymph: { t1: 4200, t2: 1800 },
} as const satisfies Record<string, Relaxation>;

const RELAXIVITY = { r1: 4.5, r2: 5.2 } as const;

/** Relaxation times of a fluid that holds `concentration` mM of gadolinium. */
export function withGadolinium(fluid: Relaxation, concentration: number): Relaxation {
  return {
    t1: 1000 / (1000 / fluid.t1 + RELAXIVITY.r1 * concentration),
    t2: 1000 / (1000 / fluid.t2 + RELAXIVITY.r2 * concentration),
  };
}

/** Signed signal per unit proton density; without `inversionTime` that of the cisternography (MRC). */
function signal(tissue: Relaxation, protocol: Protocol, inversionTime?: number): number {
  const recovery =
    inversionTime === undefined
      ? 1 - Math.exp(-protocol.cisternographyRepetitionTime / tissue.t1)
      : 1 -
        2 * Math.exp(-inversionTime / tissue.t1) +
        Math.exp(-protocol.repetitionTime / tissue.t1);
  return recovery * Math.exp(-protocol.echoTime / tissue.t2);
}

/** The signed signal in each of the three images. */
export interface Contrast {
  mrc: number;
  ppi: number;
  pei: number;
}
export function contrastOf(tissue: Relaxation, protocol: Protocol): Contrast {
  return {
    mrc: signal(tissue, protocol),
    ppi: signal(tissue, protocol, protocol.inversionTime.ppi),
    pei: signal(tissue, protocol, protocol.inversionTime.pei),
  };
}
