"""Sentences of the charts: English templates, and the same fields in Chinese."""

CHARTS = {
    "Source: {sources}": "资料来源：{sources}",
    # notebook 01
    "The third period begins in any year\nfrom {first} to {last}, by where one reads": (
        "第三阶段始于何年，各处说法不一：\n{first}年至{last}年皆有"
    ),
    "pale: the words leave the year open": "浅色：原文未说清年份",
    "Every line shows a fall, no two the same poor:\nin {year} one counts {times:.1f} times as many as the other": (
        "各条标准下贫困都在减少，人群却不同：\n{year}年一条标准的人数是另一条的{times:.1f}倍"
    ),
    "million rural people, logarithmic": "农村贫困人口，万人，对数刻度",
    "Each vintage peaks in {first}:\n": "各版本数据都在{first}年见顶：\n",
    "Each vintage peaks from {first} to {last}:\n": "各版本数据都在{first}至{last}年见顶：\n",
    "the gap turns before the third period ({start}-{end})": "差距在第三阶段（{start}-{end}年）之前已转折",
    "the gap turns not before the third period ({start}-{end})": "差距并未在第三阶段（{start}-{end}年）之前转折",
    "east over west, gross regional product, nominal": "东部与西部地区生产总值之比，现价",
    "No series held here turns from rise to fall": "手中没有一个序列由升转降",
    "The trend turns from rise to fall in {low}-{high};\n": "趋势在{low}-{high}年由升转降；\n",
    "{none} of {all} series show no such turn": "{all}个序列中{none}个没有这一转折",
    "all {all} series show it": "{all}个序列全部如此",
    "\u25cf kink with {share:.3g} % interval   \u25cb kink, but no turn\n"
    "| highest ratio   band: the third period may begin": (
        "\u25cf 拐点及{share:.3g}%区间   \u25cb 有拐点而无转折\n| 比值最高年   灰带：第三阶段可能的起点"
    ),
    "Help gathers on {province}: {donors} donors\nfrom {year}, no other ever more than {also}": (
        "帮扶集中于{province}：{year}年起有{donors}个支援方，\n其他省份从未超过{also}个"
    ),
    "{year} (part of the list)": "{year}（名单不全）",
    "donor (a city: its province)": "支援方（城市计入所在省）",
    "recipient, 1 donor": "受援方，1个支援方",
    "recipient, {least} donors or more": "受援方，{least}个以上支援方",
    "not on the list": "不在名单上",
    "before; row not held": "此前参加；本次缺记录",
    "{still} of the {all} pairs of {start} still stand in {last};\nof {added} added since, {most} go to {where}": (
        "{start}年的{all}对到{last}年仍存{still}对；\n此后新增{added}对，其中{most}对帮扶{where}"
    ),
    "colour: the list that brings the pair; dotted: ended in {last}": "颜色：结对所出的名单；虚线：{last}年终止",
    "of the list of 2016 the rows of\n"
    "{provinces} of {all_provinces} provinces and {cities} of {all_cities} cities are not held": (
        "2016年名单缺{all_provinces}省中的{provinces}省、\n{all_cities}市中的{cities}市的记录"
    ),
    # notebook 02
    "Counted once, enterprises brought {low:.0f} to {high:.0f} %\nof the money": (
        "每元只计一次，企业投资占全部资金的\n{low:.0f}%至{high:.0f}%"
    ),
    ", not {printed:.1f} %": "，而非{printed:.1f}%",
    "enterprises {share:.1f} %": "企业 {share:.1f} %",
    "{rest:.1f} %\ntwice": "{rest:.1f} %\n重复",
    "Of the investment agreed in a year,\n{low:.0f} to {high:.0f} % was realised": (
        "当年协议投资中，\n实际到位的占{low:.0f}%至{high:.0f}%"
    ),
    "The levels of government do not add up:\n{gap:,.0f} million yuan apart in {year}": (
        "各级政府之和与总数不符：\n{year}年相差{gap!y:,.2f}亿元"
    ),
    "The table splits government aid\ninto no levels": "表中的政府援助\n没有分级",
    "The levels of government add up\nto the aid of every year": "各级政府之和\n与每年的援助总额相符",
    "less than nothing: {how}": "为负数：{how}",
    "billion yuan a year, current prices; arrow: open bound": "每年亿元，现价；箭头：一端不限",
    "Aid a year: from {low:.1f} billion yuan or more\nin {first} to {high:.0f} or more in {last};\n"
    "sources disagree on {apart} windows, clash on {against}": (
        "年均援助：{first}年不少于{low!b:.0f}亿元，\n{last}年不少于{high!b:.0f}亿元；\n"
        "{apart}个时段来源不一，{against}个时段相互矛盾"
    ),
    "So few years cannot tell\nhow steadily aid was given": "年份太少，无法断定\n援助有多稳定",
    "So few years cannot tell which level\nof government gives more steadily": (
        "年份太少，无法断定\n哪一级政府的援助更稳定"
    ),
    "The {widest} gives\nclearly less steadily than the steadiest": "{widest}的援助\n明显不如最稳定的一级",
    "standard deviation of the logarithm, per cent": "对数的标准差，%",
    # notebook 03
    "{below} of {all} rows clearly fell, {above} clearly rose;\nthe counts leave {unclear} open": (
        "{all}行中{below}行明显下降，{above}行明显上升；\n其余{unclear}行不能断定"
    ),
    "times the yearly mean of 2003-2008, logarithmic": "为2003-2008年年均的倍数，对数刻度",
    "Exchange runs both ways: more cadres\ncame from the west than went there": (
        "交流是双向的：\n西部到东部的干部多于东部到西部的"
    ),
    "Exchange runs both ways: fewer cadres\ncame from the west than went there": (
        "交流是双向的：\n西部到东部的干部少于东部到西部的"
    ),
    "west to east": "西部到东部",
    "east to west": "东部到西部",
    "In 2008 cadres sent west were already down\nto {share:.0f} % of the mean of 2003-2007": (
        "2008年派往西部的干部\n已降至2003-2007年年均的{share:.0f}%"
    ),
    "In 2008 cadres sent west were still up\nto {share:.0f} % of the mean of 2003-2007": (
        "2008年派往西部的干部\n仍达2003-2007年年均的{share:.0f}%"
    ),
    "{who}, {number:,.0f} a year": "{who}，每年{number:,.0f}人",
    "persons a year: People's Daily 2008 (2003-2007), Table 2 (2009, 2010),\n"
    "yearbook 2012 (2011); pale: left over by the totals": (
        "每年人数：《人民日报》2008（2003-2007）、表2（2009、2010）、\n《年鉴2012》（2011）；浅色：由总数推出"
    ),
    "Training turned from farming to teaching:\ntechnicians went from {before:.0f} to {after:.0f} % of trainees": (
        "培训由农技转向教师：\n农技人员占比从{before:.0f}%降至{after:.0f}%"
    ),
    "2003-2008\n(implied)": "2003-2008\n（推算）",
    # notebook 04
    "{share:.3g} % of donor revenue would have\ngiven {times:.2g} times the aid of {year}": (
        "按支援方财政收入的{share:.3g}%计，\n援助可达{year}年实际的{times:.2g}倍"
    ),
    " {aid:,.0f}": " {aid!y:,.2f}",
    "million yuan; all {total:,.0f}, actual {actual:,.0f}": "亿元；合计{total!y:,.2f}，实际{actual!y:,.2f}",
    "By {last}, a fixed share would give\n{times:.2g} times the aid of the trend": (
        "到{last}年，按固定比例的援助\n为按趋势的{times:.2g}倍"
    ),
    "billion yuan; 5 to 95 % of draws": "亿元；模拟的5%至95%",
    "No use of a yuan is best at everything: {leaders} of {all} lead in some way": (
        "没有一种用法样样最好：{all}种中{leaders}种各有所长"
    ),
    "One use of a yuan leads in every way: the {option}": "有一种用法样样领先：{option}",
    "For the {option} most hangs on\n{first} ({ground})": "{option}的成效最取决于\n{first}（{ground}）",
    "{unit}\npale: low end, dark: high end; * assumption": "{unit}\n浅色：低端，深色：高端；* 假设",
    "With weights unknown, the {option}\nis best in {share:.0f} % of the draws": (
        "权重未知时，{option}\n在{share:.0f}%的模拟中最好"
    ),
    "% of draws: first (number), among three (pale)": "占模拟次数的%：居首（数字）、前三（浅色）",
    # notebook 05
    "{against} of {all} claims are contradicted by the study itself": "{all}条论断中有{against}条被原研究自身否定",
    "section {number}": "第{number}节",
}
