import type { Role, SeriesHeader, Warning } from '@inner-ear-hydrops/core';
import type { DisplaySet, DisplaySetService } from '../host/types';
import { PLACEHOLDER_HANDLER } from '../id';
import { studyListed, type Store } from '../state/transitions';
import {
  assignRoles,
  ROLES,
  withChoice,
  withoutChoice,
  type InversionTimes,
  type RoleAssignment,
  type RoleChoices,
} from './roles';
import { hideDoubles, showReportsAsText } from './storedImages';
import { findForeignSegmentations, findStoredResults } from './storedResults';

export interface StudyListParts {
  displaySetService: DisplaySetService;
  store: Store;
  /** The site's rules for recognising roles; null for the built-in rules. */
  roleRules: unknown;
  /** The display set that stands for HYDROPS-Mi2 until it is computed. */
  placeholder(studyInstanceUid: string): DisplaySet;
  /** Another study has been opened. */
  onStudy(studyInstanceUid: string): void;
  /** The first stored results of a study have been found. */
  onStored(): void;
  /** The reader has given or taken a role. */
  onRoles(): void;
}

const EVENTS = ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_CHANGED', 'DISPLAY_SETS_REMOVED'];

/** The open study as the host's display sets hold it: its series, their roles, and what is stored of it. */
export class StudyList {
  /** What the reader has chosen. */
  private choices: RoleChoices = {};
  private times: InversionTimes = {};
  /** As it was listed last. */
  private assignment: RoleAssignment;
  private refreshing = false;
  private ended = false;

  constructor(private readonly parts: StudyListParts) {
    this.assignment = this.assign([]);
  }

  /** @returns the function that ends it. */
  begin(): () => void {
    const { displaySetService } = this.parts;
    const subscriptions = EVENTS.flatMap((name) => {
      const event = displaySetService.EVENTS[name];
      return event ? [displaySetService.subscribe(event, () => this.refresh())] : [];
    });
    this.refresh();
    return () => {
      this.ended = true;
      for (const { unsubscribe } of subscriptions) unsubscribe();
    };
  }

  /** Lists series, roles and stored results of the display sets that the host has now. */
  refresh(): void {
    if (this.refreshing || this.ended) return;
    this.refreshing = true;
    try {
      this.addPlaceholder();
      this.list();
    } finally {
      this.refreshing = false;
    }
  }

  /** Display set of each role, as listed last. */
  roles(): Record<Role, string | null> {
    return this.assignment.roles;
  }

  /** Of the roles for which the reader has chosen images of one inversion time. */
  inversionTimes(): InversionTimes {
    const { roles } = this.assignment;
    const held = ROLES.filter((role) => roles[role] !== null && roles[role] === this.choices[role]);
    return Object.fromEntries(
      held.flatMap((role) => (this.times[role] === undefined ? [] : [[role, this.times[role]]]))
    );
  }

  headerOf(displaySetInstanceUID: string): SeriesHeader | undefined {
    return this.assignment.headers.get(displaySetInstanceUID);
  }

  /** Warnings from recognising the roles. */
  warnings(): Warning[] {
    return this.assignment.warnings;
  }

  displaySetOf(role: Role): DisplaySet | undefined {
    const uid = this.assignment.roles[role];
    return uid ? this.parts.displaySetService.getDisplaySetByUID(uid) : undefined;
  }

  /**
   * The role of a display set among those that the host has at this moment: a hanging protocol may run in the same
   * turn in which the last series arrived.
   */
  roleOf({ displaySetInstanceUID }: DisplaySet): Role | undefined {
    const { roles } = this.assign(this.study().displaySets);
    return ROLES.find((role) => roles[role] === displaySetInstanceUID);
  }

  /** @param inversionTime milliseconds: only its images of this time have the role; others may have another role. */
  setRole(displaySetInstanceUID: string, role: Role | null, inversionTime?: number): void {
    const { roles } = this.assignment;
    const keeps = ROLES.filter(
      (key) => inversionTime !== undefined && this.times[key] !== inversionTime
    );
    const times = { ...this.times };
    if (role) times[role] = inversionTime;
    this.choose(withChoice(this.choices, roles, displaySetInstanceUID, role, keeps), times);
  }

  /** Gives a role back to the series that was recognised for it. */
  resetRole(role: Role): void {
    const choices = withoutChoice(this.choices, this.assignment.automatic, role);
    this.choose(choices, { ...this.times, [role]: undefined });
  }

  private choose(choices: RoleChoices, times: InversionTimes): void {
    this.choices = choices;
    this.times = times;
    this.refresh();
    this.parts.onRoles();
  }

  private list(): void {
    const { store, displaySetService } = this.parts;
    const before = store.getState();
    const { studyInstanceUid, displaySets } = this.study();
    this.assignment = this.assign(displaySets);
    const { series, roles, automatic, warnings } = this.assignment;
    const storedResults = findStoredResults(displaySets);
    store.apply(
      studyListed({
        studyInstanceUid,
        series,
        roles,
        automaticRoles: automatic,
        inversionTimes: this.inversionTimes(),
        roleWarnings: warnings,
        storedResults,
        foreignSegmentations: findForeignSegmentations(displaySets),
      })
    );
    hideDoubles(displaySetService, displaySets);
    showReportsAsText(displaySets);
    if (studyInstanceUid && studyInstanceUid !== before.studyInstanceUid) {
      this.parts.onStudy(studyInstanceUid);
    }
    if (before.storedResults.length === 0 && storedResults.length > 0) this.parts.onStored();
  }

  private addPlaceholder(): void {
    const { studyInstanceUid, displaySets } = this.study();
    if (!studyInstanceUid) return;
    if (displaySets.some((displaySet) => displaySet.SOPClassHandlerId === PLACEHOLDER_HANDLER))
      return;
    this.parts.displaySetService.addDisplaySets(this.parts.placeholder(studyInstanceUid));
  }

  /** The study of the first MR series, and its display sets. */
  private study(): { studyInstanceUid: string | null; displaySets: DisplaySet[] } {
    const all = this.parts.displaySetService.getActiveDisplaySets();
    const first = all.find(
      (displaySet) => displaySet.Modality === 'MR' && !displaySet.madeInClient
    );
    const studyInstanceUid = first?.StudyInstanceUID ?? null;
    const displaySets = all.filter(
      (displaySet) => displaySet.StudyInstanceUID === studyInstanceUid
    );
    return { studyInstanceUid, displaySets };
  }

  private assign(displaySets: DisplaySet[]): RoleAssignment {
    return assignRoles(displaySets, this.choices, this.parts.roleRules);
  }
}
