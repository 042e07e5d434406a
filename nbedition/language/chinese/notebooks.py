"""Captions and alternative texts of the figures, as the notebooks give them."""

CAPTIONS = {
    # notebook 01
    "Periods of east-west relations as bounded at each place of the study; period number above each bar.": (
        "原研究各处对东西关系分期的界定；条上数字为阶段序号。"
    ),
    "Five rows of bars, one a place in the study: the second and third periods start in different years in each.": (
        "五行条形，每行为原研究的一处：第二、第三阶段的起始年份各处不同。"
    ),
    "Gross regional product of the east over that of the west, nominal; NBS-2021 lies under NBS-2024 where they are "
    "equal.": "东部与西部地区生产总值之比，现价；NBS-2021 与 NBS-2024 相等处被后者盖住。",
    "Lines by vintage: all releases held peak after the turn of the century and fall from then on, before the "
    "third period.": ("各版本的折线：手中各版本都在世纪之交后见顶，此后下降，转折早于第三阶段。"),
    "Year in which the trend of the logarithm of the ratio bends, with intervals that simulation gives, by vintage and "
    "definition.": "比值对数趋势发生弯折的年份及模拟所得区间，按数据版本和东部口径列出。",
    "Dots with intervals: in all releases held that reach back far enough the kink lies before the third period.": (
        "带区间的点：凡起始够早的版本，拐点都在第三阶段之前。"
    ),
    "Provinces on a tile grid after each list: donors, recipients, and number of donors; of the last list a part.": (
        "每次名单之后的省份方格图：支援方、受援方及支援方个数；最后一次名单不全。"
    ),
    "Five small grids: the donors stay the same on the coast, Guizhou gathers ever more of them.": (
        "五幅小方格图：沿海的支援方不变，贵州聚集的支援方越来越多。"
    ),
    "Pairs by the list that brings them; dotted pairs are not on the last full list.": (
        "按所出名单着色的结对关系；虚线者不在最后一次完整名单上。"
    ),
    "Lines from donors on the left to recipients on the right: most go one to one, a bundle goes to Guizhou.": (
        "左为支援方，右为受援方，以线相连：多数一对一，一束通向贵州。"
    ),
    "Rural people below three poverty lines, million, logarithmic; points are counts, lines only join them.": (
        "三条贫困标准以下的农村人口，万人，对数刻度；点为统计数，线只作连接。"
    ),
    "Each line falls on its own level; the west falls in step with the nation under the last line.": (
        "各条标准各自下降；按最新标准，西部与全国同步下降。"
    ),
    # notebook 02
    "Share of enterprise investment in all funds under three readings of the whole, all years together, per cent.": (
        "总额三种读法下企业投资占全部资金的份额，各年合计，%。"
    ),
    "A bar a reading; in the study's table enterprises hold four fifths of the printed total, nearly all with each "
    "yuan once.": "每种读法一个条形；在原研究的表中，企业占印刷总计的五分之四，而每元只计一次时几乎占全部。",
    "Enterprise investment agreed and realised by year, billion yuan.": "各年企业协议投资与实际投资，亿元。",
    "Bars by year; in the study's table realised investment is a small part of agreed investment in every year "
    "but one.": ("按年条形；在原研究的表中，除一年外，实际投资只占协议投资的一小部分。"),
    "Government aid as printed and as the sum of its provincial, prefectural and county levels, million yuan.": (
        "政府援助的印刷值与省、地、县三级之和，亿元。"
    ),
    "Two lines; in the study's table they part in one year, where the levels sum to far less than the printed aid.": (
        "两条折线；在原研究的表中，两线在一年分开：该年各级之和远低于印刷的援助额。"
    ),
    "Standard deviation of the logarithm of yearly aid about constant growth, with its interval.": (
        "年度援助对数围绕恒定增长的标准差及其区间。"
    ),
    "Dots with intervals; in the study's table all overlap: no level of government is shown to be the steadier one.": (
        "带区间的点；在原研究的表中，区间全部重叠：看不出哪一级政府更稳定。"
    ),
    "Government aid a year by window, each way in which the sources give it, billion yuan, logarithmic scale.": (
        "各时段年均政府援助，列出各来源给出的每一种算法，亿元，对数刻度。"
    ),
    "Dots by window rise a hundredfold; several windows have dots that differ, one has only an impossible value.": (
        "各时段的点上升百倍；几个时段的点不一致，有一个时段只得出不可能的值。"
    ),
    # notebook 03
    "Person-times exchanged each way, eight years together.": "双向交流人次，八年合计。",
    "Two rows of bars to both sides: more cadres went from west to east than from east to west; professionals the "
    "reverse.": "两行向两侧的条形：西部到东部的干部多于反向，专业人才则相反。",
    "Share of each profession among the attendees that Table 2 lists, per cent.": "表2所列受训者中各职业的份额，%。",
    "Three bars: agricultural technicians were most of the trainees before and a small part in the last year.": (
        "三个条形：农技人员从前占受训者多数，最后一年只占一小部分。"
    ),
    "Recent yearly figure over the yearly mean of 2003-2008 that the totals imply, with intervals; logarithmic "
    "scale.": "近年数字与由总数推出的2003-2008年年均之比及区间；对数刻度。",
    "One line a row of Table 2: agricultural training far left of one, management right of it, many intervals across "
    "it.": "表2每行一线：农技培训远在1的左侧，管理培训在右侧，许多区间跨过1。",
    "Cadres and professionals sent from east to west, persons a year, by window.": (
        "东部派往西部的干部和专业人才，按时段，每年人数。"
    ),
    "Steps by window: cadres sent west fall to about a third before the printed years and are back in the last.": (
        "按时段的阶梯线：派往西部的干部在印刷年份之前降到约三分之一，最后一段回升。"
    ),
    # notebook 04
    "Aid under a fixed share of local general-budget revenue, by donor and recipient, million yuan.": (
        "按地方一般预算收入固定比例计算的援助，按支援方与受援方列出，亿元。"
    ),
    "Bars by donor: Guangdong and Jiangsu would carry most; together the donors give far more than the actual aid.": (
        "按支援方的条形：广东和江苏承担最多；各支援方合计远超实际援助。"
    ),
    "Aid by year under the baseline and a fixed share: median and 5 to 95 % of the draws under the assumptions, "
    "billion yuan.": "基准与固定比例下的逐年援助：假设之下模拟的中位数和5%至95%，亿元。",
    "Two widening bands: the fixed share lies above the trend of the baseline; aid reported later is marked.": (
        "两条渐宽的带：固定比例高于基准趋势；后来报道的援助另行标出。"
    ),
    "What a yuan moved out of grants brings beyond granting it: median and 5 to 95 % of the draws under the "
    "assumptions.": "从赠款中移出的一元比直接赠出多带来什么：假设之下模拟的中位数和5%至95%。",
    "Five panels of intervals, one line an option: different uses lead in different ways, and most intervals are "
    "wide.": "五幅区间图，每种用法一线：不同用法各有所长，多数区间很宽。",
    "Households reached beyond the baseline, one parameter at a time at the ends of its range, no yearly shocks.": (
        "基准之外惠及的农户：每次将一个参数取到范围两端，不含年度冲击。"
    ),
    "Bars around the central result, longest first: a few inputs move it far, starred assumptions among them.": (
        "围绕中心结果的条形，最长者在前：少数几项影响最大，其中有带星号的假设。"
    ),
    "How often each use of aid is best, and among the best three, under weights drawn evenly, per cent of the draws.": (
        "权重均匀抽取时，各种用法居首和居前三的频率，占模拟次数的%。"
    ),
    "Bars by option: a few uses share nearly all first places; others are hardly ever best whatever the weights.": (
        "按用法的条形：少数几种几乎包揽首位，其余无论权重如何都很少最好。"
    ),
    # notebook 05
    "Every claim of the study in its order, a square each, coloured by the verdict computed for it.": (
        "原研究的每条论断按原次序各占一格，颜色为计算所得的判定。"
    ),
    "Rows of squares by section: contradicted claims gather in the introduction and around the two tables.": (
        "按章节排列的方格行：被否定的论断集中在引言和两张表附近。"
    ),
}
