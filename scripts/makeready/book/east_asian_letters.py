"""The letters of Chinese, Japanese and Korean, for classes of regular expressions.

The blocks are those of the Unicode Standard; marks and full-width forms are not among them.
"""

HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
KANA = "\u3041-\u30ff\u31f0-\u31ff\U0001aff0-\U0001b16f"
BOPOMOFO = "\u3100-\u312f\u31a0-\u31bf"
IDEOGRAPHS = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTERS = f"{HANGUL}{KANA}{BOPOMOFO}{IDEOGRAPHS}"
