#pragma once

#include <string_view>

namespace bedrail::html {

/// The page's only style sheet. Colours are named once, for light and for dark; paper is always light.
inline constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ink:#1d2530;--soft:#566171;--line:#d9dfe6;--paper:#fff;--tint:#f4f6f8;--link:#1756a9;
--critical:#8f1324;--high:#a83c06;--medium:#7a5a00;--low:#24614a;--info:#566171;
--critical-t:#fbe6e9;--high-t:#fdebe0;--medium-t:#fbf3d6;--low-t:#e2f3ea;--info-t:#eceff3}
@media (prefers-color-scheme:dark){:root{--ink:#dfe5ec;--soft:#9aa7b6;--line:#333d49;--paper:#14191f;--tint:#1c232b;--link:#85b8f7;
--critical:#ff9aa8;--high:#ffab7d;--medium:#ecc95a;--low:#7fd0aa;--info:#a9b5c3;
--critical-t:#43171e;--high-t:#40210f;--medium-t:#39300f;--low-t:#12372a;--info-t:#28313b}}
*{box-sizing:border-box}
html{scroll-behavior:auto;-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:72rem;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.3rem;margin:3rem 0 .8rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1.06rem;margin:0;line-height:1.35}
h4{font-size:.86rem;margin:1.1rem 0 .3rem;color:var(--soft);font-weight:600}
p{margin:.4rem 0;max-width:50rem}
a{color:var(--link)}
code{font:.92em ui-monospace,"DejaVu Sans Mono",monospace}
q{quotes:none}
.soft,.note{color:var(--soft)}
.note{font-size:.9rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;margin:1rem 0 0;font-size:.94rem}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.8rem;margin:0;padding:0}
.figures div{background:var(--tint);border-radius:.5rem;padding:.8rem 1rem;display:flex;flex-direction:column}
.figures dt{order:2;color:var(--soft);font-size:.9rem}
.figures dd{margin:0;font-size:1.05rem}
.figures b{font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.chip{display:inline-block;border-radius:1rem;padding:.05rem .6rem;font-size:.78rem;font-weight:600;white-space:nowrap;
color:var(--info);background:var(--info-t);-webkit-print-color-adjust:exact;print-color-adjust:exact}
.chip.critical{color:var(--critical);background:var(--critical-t)}
.chip.high{color:var(--high);background:var(--high-t)}
.chip.medium{color:var(--medium);background:var(--medium-t)}
.chip.low{color:var(--low);background:var(--low-t)}
article,section.device{border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.2rem;margin:0 0 1rem}
.top{display:flex;align-items:baseline;gap:.7rem;flex-wrap:wrap}
.top h3{flex:1 1 20rem}
.finding+.finding{border-top:1px solid var(--line);margin-top:.9rem;padding-top:.7rem}
.finding h4{color:var(--ink);font-size:.95rem;margin:0}
ol,ul{margin:.3rem 0;padding-left:1.3rem}
li{margin:.15rem 0}
cite{font-style:normal;color:var(--soft);font-size:.88em}
.evidence{list-style:none;padding:0;font-size:.86rem;color:var(--soft)}
.evidence code,.evidence q{color:var(--ink)}
.wide{overflow-x:auto}
@media (max-width:40rem){.cols table{min-width:56rem}}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:600;font-size:.82rem;vertical-align:bottom}
tbody th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.number,th.number{padding-right:1rem}
#unseen table{max-width:44rem}
#unseen h3{margin:1.6rem 0 .3rem}
.sha{font:.8rem ui-monospace,"DejaVu Sans Mono",monospace;word-break:break-all}
.pairs{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.3rem 0;font-size:.93rem}
.pairs dt{color:var(--soft)}
.pairs dd{margin:0}
.cols table{table-layout:fixed}
.cols.devices th:nth-child(1){width:20%}.cols.devices th:nth-child(2){width:12%}.cols.devices th:nth-child(3){width:14%}
.cols.devices th:nth-child(4){width:11%}.cols.devices th:nth-child(5){width:17%}.cols.devices th:nth-child(6){width:12%}
.cols.devices th:nth-child(7){width:5%}.cols.devices th:nth-child(8){width:10%}
.cols.identity th:nth-child(1){width:15%}.cols.identity th:nth-child(2){width:23%}.cols.identity th:nth-child(3){width:11%}
.cols.services th:nth-child(1){width:10%}.cols.services th:nth-child(2){width:11%}.cols.services th:nth-child(3){width:21%}
.cols.services th:nth-child(4){width:10%}.cols.services th:nth-child(5){width:8%}
.cols.connections th:nth-child(1),.cols.connections th:nth-child(2){width:18%}.cols.connections th:nth-child(5),
.cols.connections th:nth-child(6){width:7%}
.cols.files th:nth-child(1){width:35%}.cols.files th:nth-child(2){width:13%}
.also{color:var(--soft);font-size:.86rem}
:target{outline:2px solid var(--link);outline-offset:3px}
@media (max-width:40rem){body{padding:1rem .9rem 3rem}.pairs{grid-template-columns:1fr}.pairs dd{margin-bottom:.4rem}}
@page{size:A4;margin:15mm 14mm}
@media print{:root{color-scheme:light;--ink:#111;--soft:#4a525c;--line:#c9ced4;--paper:#fff;--tint:#f2f4f6;--link:#111;
--critical:#8f1324;--high:#a83c06;--medium:#7a5a00;--low:#24614a;--info:#566171;
--critical-t:#fbe6e9;--high-t:#fdebe0;--medium-t:#fbf3d6;--low-t:#e2f3ea;--info-t:#eceff3}
html{font-size:9pt}
body{max-width:none;padding:0}
th,td{padding:.3rem .5rem .3rem 0}
nav{display:none}
.wide{overflow:visible}
a{text-decoration:none}
h1,h2,h3,h4,.top{break-after:avoid}
h2{margin-top:1.6rem}
#devices{break-before:page}
#devices h2{margin-top:0}
.cols.devices th:nth-child(1){width:21%}.cols.devices th:nth-child(3){width:11%}.cols.devices th:nth-child(5){width:14%}
.cols.devices th:nth-child(6){width:17%}
tr,li,.figures div,.finding,.pairs dt,.pairs dd,p{break-inside:avoid}
article{break-inside:avoid}
section.device{-webkit-box-decoration-break:clone;box-decoration-break:clone}
thead{display:table-header-group}
p{orphans:3;widows:3}}
)css";

}  // namespace bedrail::html
