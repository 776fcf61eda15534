/** What the sandbox's pages look like: plain, readable from 390 px, in the light or dark that the reader prefers. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --surface: #ffffff; --ground: #f6f8fa;
  --accent: #0969da; --on-accent: #ffffff; --danger: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --surface: #151b23; --ground: #0d1117;
    --accent: #4493f8; --on-accent: #0d1117; --danger: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
main { max-width: 720px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 22px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 0; overflow-wrap: anywhere; }
a { color: var(--accent); overflow-wrap: anywhere; }
.quiet { color: var(--quiet); margin: 0 0 16px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 16px 0; }
.card pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 12px 0 0; }
.card iframe { width: 100%; height: 320px; border: 1px solid var(--line); border-radius: 6px; margin-top: 12px; background: #ffffff; }
.links { margin: 12px 0 0; padding-left: 20px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 8px 16px; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.amount { font-size: 32px; font-weight: 600; font-variant-numeric: tabular-nums; margin: 8px 0 16px; }
.amount small { font-size: 16px; font-weight: 400; color: var(--quiet); }
form.outcomes { display: grid; gap: 12px; margin-top: 16px; }
form.outcomes input:not([type]) {
  width: 100%; font: inherit; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--surface); color: var(--text); min-height: 44px;
}
[role="alert"] { color: var(--danger); margin: 12px 0 0; }
button {
  font: inherit; padding: 10px 16px; border-radius: 8px; border: 1px solid var(--line);
  background: var(--surface); color: var(--text); cursor: pointer; min-height: 44px;
}
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.danger { color: var(--danger); }
form.filter { display: flex; gap: 8px; margin: 16px 0; }
form.filter input {
  flex: 1; min-width: 0; font: inherit; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--surface); color: var(--text);
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
