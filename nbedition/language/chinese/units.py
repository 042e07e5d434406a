"""Units: what Chinese counts in, and the factor from the English unit."""

CONVERSIONS = {
    "y": 1 / 100,  # million yuan in 100 million yuan
    "b": 10,  # billion yuan in 100 million yuan
    "m": 100,  # million in ten thousand
}

UNITS: dict[str, tuple[str, float]] = {
    "million yuan": ("亿元", 0.01),
    "billion yuan": ("亿元", 10),
    "yuan": ("元", 1),
    "yuan per yuan": ("元/元", 1),
    "million persons": ("万人", 100),
    "persons": ("人", 1),
    "person-times": ("人次", 1),
    "persons a course": ("人/期", 1),
    "thousand households": ("万户", 0.1),
    "thousand households beyond the baseline": ("万户（基准之外）", 0.1),
    "households per million yuan": ("户/万元", 0.01),
    "per thousand yuan": ("户/万元", 10),
    "job-years per\nthousand yuan": ("工作年数/万元", 10),
    "year": ("年", 1),
    "years": ("年", 1),
    "%": ("%", 1),
    "% a year": ("%/年", 1),
    "% of the ratio": ("%（占比值）", 1),
    "% of cadres sent": ("%（占派出干部）", 1),
    "% of draws": ("%（占模拟次数）", 1),
    "ratio": ("比值", 1),
    "probability": ("概率", 1),
    "pairings": ("对", 1),
    "index": ("指数", 1),
    "times": ("倍", 1),
    "times the variance": ("倍方差", 1),
    "share": ("份额", 1),
    "share a year": ("份额（每年）", 1),
    "share of all orders": ("占全部排列的份额", 1),
    "hundredths of a logarithm": ("百分之一对数", 1),
    "variance over mean": ("方差与均值之比", 1),
    "alpha": ("负二项离散系数", 1),
    "degrees": ("自由度", 1),
    "rows": ("行", 1),
    "of the outside totals": ("项外部总数", 1),
    "parameters": ("个参数", 1),
    "claims": ("条论断", 1),
    "relations": ("条关系", 1),
    "conclusions": ("条结论", 1),
}

UNIT_PATTERNS = {r"of (\d+) readings": "种读法（共试 {} 种）"}
