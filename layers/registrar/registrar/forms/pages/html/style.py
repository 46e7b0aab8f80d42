"""The look of the pages: system fonts, one column, light and dark. It needs no other file."""

from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --text: #1c1b1f; --soft: #55535a; --page: #f5f4f7; --card: #fff; --line: #77757d;
  --accent: #0b5cad; --on-accent: #fff; --wrong: #b3261e; --wrong-card: #fdf0ef; }
@media (prefers-color-scheme: dark) { :root { --text: #eceaf0; --soft: #b9b6c0; --page: #141317; --card: #1f1e23;
  --line: #8d8a94; --accent: #8ec2ff; --on-accent: #0b1f33; --wrong: #ff9a90; --wrong-card: #3a1d1b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1.0625rem/1.55 system-ui, "Hiragino Sans", "Noto Sans CJK JP", sans-serif; }
main { max-width: 38rem; margin: 2rem auto; padding: 1.5rem; background: var(--card); border-radius: .75rem;
  overflow-wrap: anywhere; }
h1 { font-size: 1.625rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 0 0 .5rem; }
p, ul, dl { margin: 0 0 1rem; }
main > :last-child, .summary > :last-child { margin-bottom: 0; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; }
dt, .soft { color: var(--soft); }
dd { grid-column: 2; margin: 0; }
code { font-size: .9375em; }
.field, fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0; }
label, legend { font-weight: 600; padding: 0; }
legend { margin-bottom: .25rem; }
.choice { display: flex; gap: .75rem; align-items: flex-start; font-weight: 400; padding: .375rem 0; }
.soft { font-weight: 400; font-size: .9375rem; }
fieldset .soft { margin: 0 0 .25rem; }
input, select, textarea { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .375rem; }
.field input, select, textarea { display: block; width: 100%; padding: .5rem .625rem; margin-top: .25rem;
  min-height: 2.75rem; }
.choice input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--accent); }
[aria-invalid=true]:is(input, select, textarea), [aria-invalid=true] input { border: 2px solid var(--wrong); }
.wrong { color: var(--wrong); font-weight: 600; margin: .25rem 0; }
.summary { border: 2px solid var(--wrong); background: var(--wrong-card); border-radius: .5rem; padding: 1rem;
  margin: 0 0 1.5rem; }
.summary ul { padding-left: 1.25rem; }
.summary a { color: var(--wrong); }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.5rem; border: 1px solid transparent;
  border-radius: .375rem; background: var(--accent); color: var(--on-accent); cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.trap { position: absolute; left: -100vw; width: 1px; height: 1px; overflow: hidden; }
@media (max-width: 40rem) { main { margin: 0; border-radius: 0; padding: 1.25rem 1rem; min-height: 100vh; } }
@media (max-width: 24rem) { dl { display: block; } dd { margin-bottom: .5rem; } }
@media print { body, main { background: none; } button, .summary { display: none; } }
"""
