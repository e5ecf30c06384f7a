/** The panel's style sheet, in the host's dark look. Widths from 280 px up, nothing scrolls sideways. */
export const STYLES = `
:host {
  display: block;
  height: 100%;
  overflow-y: auto;
  background: #090c29;
  color: #eef2fa;
  font: 13px/1.4 Inter, 'Open Sans', system-ui, sans-serif;
  color-scheme: dark;
}
* { box-sizing: border-box; }
.panel { padding: 10px; display: flex; flex-direction: column; gap: 12px; }
h1, h2, p, ul { margin: 0; padding: 0; }
h1 { font-size: 15px; font-weight: 600; }
h2 {
  font-size: 13px; font-weight: 600; color: #9cc7e6; margin-bottom: 6px;
  display: flex; flex-wrap: wrap; align-items: center; gap: 6px;
}
section + section { border-top: 1px solid #23306b; padding-top: 10px; }
.notice { color: #ffd479; font-weight: 600; text-wrap: balance; }
.model, footer, .caption { font-size: 12px; color: #b9c6e4; }
.reason { display: block; font-size: 11.5px; color: #9fb0d6; overflow-wrap: anywhere; }
td .reason { overflow-wrap: normal; }
.hint { color: #ffd479; font-size: 12.5px; }
.field { display: grid; grid-template-columns: 56px minmax(0, 1fr); align-items: center; margin-bottom: 6px; }
.field .reason { grid-column: 2; margin-top: 1px; }
section .hint { margin-bottom: 8px; }
.hint.why { margin: 6px 0 0; }
.actions + .hint { margin-top: 8px; }
select, input[type='text'], textarea {
  width: 100%; min-width: 0; padding: 5px 6px; font: inherit; text-overflow: ellipsis;
  color: inherit; background: #111a4a; border: 1px solid #3a4a8f; border-radius: 4px;
}
select.missing { border-color: #ffd479; }
button {
  font: inherit; color: #eef2fa; background: #1b2766; border: 1px solid #3f52a3;
  border-radius: 4px; padding: 5px 10px; cursor: pointer;
}
button:hover { background: #26347f; }
button.primary { background: #1f63d6; border-color: #4b8bf5; font-weight: 600; }
button.primary:hover { background: #2a72ec; }
button[aria-disabled='true'], select:disabled { opacity: .5; cursor: not-allowed; }
button.wide { width: 100%; padding: 8px; }
button.link {
  display: inline-block; border: 0; background: none; padding: 1px 0; font-size: 11.5px;
  color: #7fc4ff; text-decoration: underline; text-align: inherit;
}
:is(button, select, summary, input, textarea):focus-visible { outline: 2px solid #ffffff; outline-offset: 2px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.question { scroll-margin: 90px 0; flex-basis: 100%; margin-top: 6px; border-left: 3px solid #ffd479; padding-left: 8px; }
.question p { margin-bottom: 6px; }
.question button + button { margin-left: 8px; }
.progress-words { display: flex; justify-content: space-between; gap: 8px; margin-bottom: 4px; }
.progress-words span + span { white-space: nowrap; }
.progress-row { display: flex; align-items: center; gap: 8px; }
[role='progressbar'] {
  flex: 1; height: 8px; border-radius: 4px; background: #1b2766; overflow: hidden;
}
.bar { height: 100%; background: #4b8bf5; transition: width .2s; }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
.problem {
  border: 1px solid #ff8d85; background: #3b1220; border-radius: 4px; padding: 8px 10px; margin: 8px 0;
  overflow-wrap: anywhere; scroll-margin: 90px 0;
}
.problem-message { font-weight: 600; }
.problem p + p { margin-top: 4px; }
.warnings { list-style: none; margin-bottom: 8px; }
.warnings li {
  border-left: 3px solid #ffd479; background: #2b2612; padding: 4px 8px; margin-bottom: 4px;
  font-size: 12.5px; overflow-wrap: anywhere;
}
table { width: 100%; color: inherit; font: inherit; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 3px; text-align: right; vertical-align: top; font-size: 12.5px; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 11px; font-weight: 500; color: #b9c6e4; vertical-align: bottom; hyphens: manual; }
tbody th { font-weight: 500; }
tbody tr { border-top: 1px solid #23306b; }
td.absent { text-align: center; color: #b9c6e4; font-style: italic; }
td .link { display: block; margin-left: auto; }
.swatch { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 5px; }
.badge {
  font-size: 11px; font-weight: 500; color: #d5e0f7; border: 1px solid #3f52a3;
  border-radius: 9px; padding: 0 7px;
}
.badge + .badge { margin-left: 4px; }
th .badge, td .badge { display: block; width: fit-content; margin: 1px 0 0; }
td .badge { margin-left: auto; }
.badge.edited { color: #241a00; background: #ffd479; border-color: #ffd479; }
.counted { margin-bottom: 4px; }
.counted .link { font-size: inherit; color: inherit; font-weight: 600; }
.warnings { margin-top: 8px; }
.grades { margin-top: 8px; }
.grades ul { list-style: none; }
.grades .badge { margin-left: 6px; }
.grades .reason { padding-left: 10px; }
.readers { margin: 0 0 6px; }
s { text-decoration-thickness: 2px; text-decoration-color: #ffaca6; color: #b9c6e4; }
tr.void { border-top: 0; }
tr.void td { color: #ffd479; font-size: 11.5px; padding-top: 0; text-align: left; }
tr.current { background: #1b2766; box-shadow: inset 2px 0 #9cc7e6; }
.out-of-date { opacity: .65; }
.out-of-date-words { position: sticky; top: 0; z-index: 1; }
.out-of-date-words p {
  border: 1px solid #ffd479; border-radius: 4px; color: #ffd479; background: #090c29;
  padding: 5px 8px; margin-bottom: 8px;
}
.reader-mark { display: flex; align-items: center; justify-content: space-between; gap: 6px; font-size: 11.5px; color: #9fb0d6; overflow-wrap: anywhere; }
.reader-mark > span { min-width: 0; }
.whole { display: inline-block; }
.unbroken { white-space: nowrap; }
.field .reader-mark { grid-column: 2; margin-top: 3px; }
button.small { flex: none; padding: 0 7px; font-size: 11.5px; line-height: 18px; }
.slices [role='group'] + [role='group'] { margin-top: 3px; }
.origin { font-size: 11px; color: #9fb0d6; display: flex; gap: 4px; }
.origin .badge { padding: 0 4px; }
.origin button.small { padding: 0 5px; font-size: 11px; }
.origin .reader-mark { flex: 1; gap: 3px; font-size: inherit; }
.slice-list details { margin-top: 4px; }
.slice-list td, .slice-list tbody th { padding: 2px 3px; }
.slice-list td:nth-child(2) { white-space: nowrap; }
.slice-list tbody th { padding-left: 6px; }
.slice-list th .link { font-size: 12px; }
.caption { margin-top: 4px; }
.caption + [role='group'] { margin-top: 6px; }
fieldset { border: 1px solid #23306b; border-radius: 4px; margin: 10px 0 0; padding: 4px 8px 6px; min-width: 0; }
legend { font-size: 12px; color: #b9c6e4; padding: 0 4px; }
.slice-row { display: flex; align-items: center; gap: 6px; padding: 1px 0; }
.slice-row > span { flex: 1; }
.slice-row button { padding: 0 9px; line-height: 20px; }
.slice-row output { min-width: 3ch; text-align: center; font-variant-numeric: tabular-nums; }
details { margin-top: 10px; }
summary { cursor: pointer; color: #9cc7e6; font-size: 12.5px; }
.parts { margin-top: 8px; }
details.problems { margin-top: 2px; }
details.segments { flex-basis: 100%; margin-top: 2px; }
details.segments label { display: flex; gap: 8px; align-items: center; justify-content: space-between; margin-top: 4px; }
details.segments select { max-width: 60%; }
.problems li { overflow-wrap: anywhere; }
.part { display: flex; gap: 8px; align-items: baseline; padding: 3px 0; }
.part input { margin: 0; accent-color: #4b8bf5; }
.unsaved { border-left: 3px solid #ffd479; padding-left: 8px; }
section + .unsaved { border-top: 0; padding-top: 0; }
.unsaved .actions { margin-top: 6px; }
.unsaved > div + div { margin-top: 10px; }
.findings th:first-child { width: 40%; hyphens: manual; }
.findings td { padding: 2px 3px; }
.findings select { padding: 3px 5px; font-size: 12px; appearance: none; text-align: center; }
.field.text { grid-template-columns: 104px minmax(0, 1fr); }
textarea { resize: vertical; }
summary .badge { margin-left: 6px; }
.plain { list-style: none; font-size: 12px; color: #b9c6e4; margin-top: 4px; }
.status-bar {
  position: sticky; bottom: 0; z-index: 2; margin: 0 -10px -10px; padding: 8px 10px;
  background: #111a4a; border-top: 1px solid #3a4a8f;
}
.status-bar.empty { padding: 0; border: 0; }
.status { color: #d5e0f7; overflow-wrap: anywhere; }
.status.saved { color: #8fe3a8; }
.status.failed { color: #ffaca6; }
.stored { list-style: none; }
.stored li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px; padding: 4px 0; }
.stored button { white-space: nowrap; }
.stored li > span { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.stored li[aria-current] { box-shadow: -6px 0 #090c29, -8px 0 #8fe3a8; }
.badge.shown { color: #8fe3a8; border-color: #8fe3a8; white-space: nowrap; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
`;
