"""How the page of a comparison looks: paper, ink and water, by day and by night, from 390 px up."""

STYLE = """
:root { color-scheme: light dark; --ink: #25302e; --soft: #5f6963; --line: #e0d9cb; --paper: #fbf8f2; --card: #fffdf9; --water: #1f6b66; --mist: #e4efea;
  --bad: #a3341a; --badpaper: #fbebe4; --good: #2b7a4b; --grey: #8d938d; --song: "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", STSong, Georgia, serif; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9e4; --soft: #a3ada6; --line: #3a423f; --paper: #171c1b; --card: #1f2625; --water: #7cc7bf; --mist: #24322f;
    --bad: #ff9c80; --badpaper: #3a241d; --good: #7fcf9f; --grey: #7d857f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 1.6rem 1.4rem 3rem; font: 1rem/1.65 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font: 600 1.75rem/1.3 var(--song); margin: 0 0 .3rem; letter-spacing: .01em; } h2 { font: 600 1.08rem/1.5 var(--song); margin: 0 0 .7rem; display: flex; align-items: baseline; gap: .6rem; }
h3 { font-size: .82rem; margin: 0 0 .45rem; color: var(--soft); font-weight: 500; }
.soft { color: var(--soft); font-size: .86rem; margin: .1rem 0 .6rem; }
.outcomes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: .9rem; margin: .9rem 0; }
figure { margin: 0; padding: .9rem 1.1rem .5rem; background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
figcaption { font: 600 1rem/1.4 var(--song); margin-bottom: .5rem; }
.bar { display: flex; gap: 2px; height: 1.9rem; border-radius: 999px; overflow: hidden; background: var(--line); }
.bar i { display: grid; place-items: center; min-width: 1.9rem; color: var(--paper); font: 600 .9rem/1 system-ui, sans-serif; }
.bar .win { background: var(--good); } .bar .tie { background: var(--grey); } .bar .loss { background: var(--bad); }
.legend { list-style: none; margin: .55rem 0 .3rem; padding: 0; font-size: .86rem; font-variant-numeric: tabular-nums; }
.legend li { padding: .05rem 0; } .legend li { display: grid; grid-template-columns: 7.2rem 1fr; } .legend b { font-weight: 600; } .legend .win b { color: var(--good); } .legend .tie b { color: var(--soft); } .legend .loss b { color: var(--bad); }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: .4rem 1.1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .4rem 1.2rem .4rem 0; vertical-align: top; }
tr + tr > * { border-top: 1px solid var(--line); } th { font-weight: 600; } tr > th:first-child { white-space: nowrap; color: var(--soft); font-weight: 500; }
input[name=show] { position: absolute; opacity: 0; }
.filters { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .4rem; padding: .9rem 0 .7rem; background: var(--paper); z-index: 1; }
.filters label { border: 1px solid var(--line); border-radius: 999px; padding: .2rem .95rem; cursor: pointer; font-size: .9rem; background: var(--card); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 1rem 1.1rem .7rem; margin: 0 0 1rem; }
.number { font: 600 .8rem/1.5rem system-ui, sans-serif; color: var(--paper); background: var(--water); border-radius: 999px; min-width: 1.5rem; text-align: center; flex: none; }
.verdict { margin-left: auto; flex: none; font: 600 .78rem/1.5 system-ui, sans-serif; border-radius: 999px; padding: .05rem .7rem; border: 1px solid currentColor; }
.win .verdict { color: var(--good); } .loss .verdict { color: var(--bad); } .tie .verdict { color: var(--soft); }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.4rem; } section section, .sides > section + section { border-left: 1px solid var(--line); padding-left: 1.4rem; }
ol { list-style: none; margin: 0; padding: 0; font-size: .95rem; } li { padding: .12rem 0; }
ol > li { padding: .14rem .3rem .14rem .6rem; margin-left: -.75rem; border-left: 3px solid transparent; border-radius: 0 6px 6px 0; }
ol > li.wrong { border-left-color: var(--bad); background: var(--badpaper); margin: .12rem 0; } li small { display: block; color: var(--bad); font-size: .78rem; line-height: 1.45; }
mark { background: none; color: inherit; text-decoration: underline wavy var(--bad) 1px; text-underline-offset: 3px; }
.bad { color: var(--bad); } .good { color: var(--good); }
details { margin: .7rem 0 .1rem; font-size: .86rem; } summary { cursor: pointer; color: var(--water); } pre { white-space: pre-wrap; margin: .4rem 0; font: inherit; color: var(--soft); }
@media (max-width: 44rem) {
  body { padding: .9rem .8rem 2rem; } h1 { font-size: 1.4rem; } h2 { flex-wrap: wrap; }
  .sides { grid-template-columns: minmax(0, 1fr); gap: .9rem; } .sides > section + section { border-left: 0; padding: .9rem 0 0; border-top: 1px solid var(--line); }
  .wide { padding: .3rem .9rem; } table, tbody, tr { display: block; } tr { padding: .35rem 0; } tr:first-child { display: none; } tr + tr > * { border: 0; } tr + tr + tr { border-top: 1px solid var(--line); }
  tr > th, tr > td { display: block; padding: 0; } td::before { color: var(--soft); font-size: .78rem; } td:nth-of-type(1)::before { content: "base "; } td:nth-of-type(2)::before { content: "tuned "; }
  .legend li { grid-template-columns: 6.4rem 1fr; }
}
@media print { .filters { display: none; } article { break-inside: avoid; } }
"""
