"""Lines of a web page that are no part of its document: buttons, links, notices, imprint, a second copy."""

from __future__ import annotations

import re
from typing import Any, Final

from liaison_analysis.policies.closings import IMPRINT
from liaison_analysis.policies.page_lines import lines_of, squeeze

# Buttons and labels; a line that consists only of these is not text.
_BUTTON: Final = (
    r"(?:字体|字号)(?:大小)?[:：]?|[Aa][-+]?[大中小]?|[大中小]|(?:一键)?分享(?:到|至)?[:：]?|(?:我要)?打印(?:本页|本文|此页|此文|正文|文章)?"
    r"|关闭(?:窗口|本页|页面|此页)?|收藏(?:本页)?|返回(?:顶部|首页|列表)?|(?:我要)?纠错|朗读|听全文|下载(?:文字版|图片版|PDF版)"
    r"|在线(?:咨询|办理|预约|申报|评价)|我要(?:办理|咨询|投诉|评价|申报|提意见)|立即(?:申报|办理)|(?:办事|服务)评价[:：]?|[★☆]+|查看(?:更多|全文|详情)"
    r"|展开|收起|点赞|(?:有用|没用|无用)(?:[（(]\d+[）)])?"
    r"|微信|微博|QQ空间|更多|(?:浏览|阅读|点击|访问)(?:次数|量|数)?[:：]?|\d+|次|正文|[-–—·>|/:：×+↺【】\[\]（）()]"
)
_BUTTONS: Final = re.compile(
    rf"(?=.{{0,120}}$)(?!\s*\d+\s*$)(?!\s*\d{{4}}/\d+/\d+\s*$)(?:\s*(?:{_BUTTON}))+\s*"
)
_FURNITURE: Final = re.compile(
    r"(?:发布|发表|更新|发文|成稿|录入|加入|上传)(?:日期|时间)\s*[:：].{0,120}|\d{4}-\d{1,2}-\d{1,2}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:信息|文章|稿件|内容|文字|图片)?来源\s*[:：].{0,60}|(?:责任|图文|本期)?编辑\s*[:：].{0,20}|(?:审核|校对|初审|复审|终审|责编|制作|排版|设计|撰文|供稿|记者|录入|签发|发布人|[▲△]?\s*图源?|图片)\s*[:：].{0,30}|[▲△]?\s*图源\s*[:：].{0,30}|(?:免责)?声明\s*[:：].{0,30}转载.{0,120}|.{0,6}(?:点击|戳).{0,4}(?:蓝字|名片|关注[，,！!]).{0,20}|(?:欢迎|请)?(?:转发|扩散)(?:周知|分享|收藏|给更多人)[！!。~]*|(?:点(?:个)?(?:分享|收藏|在看|点?赞)\s*)+|(?:浏览|阅读|点击|访问)(?:次数|量|数)\s*[:：].{0,20}"
    r"|\d{4}-\d{1,2}-\d{1,2}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?\s*(?:(?:信息)?来源|作者|发布(?:机构|单位)|浏览|阅读|字[号体])\s*[:：].{0,80}"
    r"|[^。；]{0,8}(?:扫|识别|关注)[^。；]{0,6}二维码[^。；]{0,16}|[（(][^（）()]{0,12}二维码[）)]|收录于(?:合集|话题).{0,40}"
    r"|[^。；]{0,14}点(?:个|一?下)(?:赞|在看)[^。；]{0,8}"
    r"|[^；|]{0,60}(?:记者|通讯员)\s?[^，。；|]{1,10}\s?摄|文\s*[/／]\s*[^，。；]{2,30}"
    r"|[^。；]{0,12}(?:点|戳|按)[^，。；]{0,6}[“\"「](?:在看|点?赞|分享|收藏|关注)[”\"」].{0,6}"
    # Numbers that an official account draws above its paragraphs.
    r"|0[1-9]|(?:NO|PART)\s*\.?\s*\d{1,2}"
    r"|\d{1,2}:\d{2}(?::\d{2})?|(?:Published|Updated|Source|Author)\s*[:：].{0,60}|作者\s*[:：]\s*\S{0,20}|(?:日期|时间)\s*[:：]\s*(?:\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日))?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|[-—–=\s]*(?:(?:T[Hh][Ee]\s+)?E[Nn][Dd]|完)[-—–=\s]*|标签\s*[:：][^，。；]{0,30}|扫描二维码.{0,20}|扫一扫.{0,30}|(?:手机|微信)(?:扫码|扫描).{0,30}|分享(?:到|至)\s*[:：].{0,24}"
    r"|(?:上|下)一[篇条](?:文章|信息|新闻)?\s*[:：].*|(?:\[\d{1,2}\]\s*|(?:上|下)一页\s*|首页\s*|[尾末]页\s*){2,}|相关(?:附件|链接|文章|新闻|阅读|解读|稿件|报道|信息)\s*[:：]?"
    r"|(?:当前|所在|您现在的?|你|您)的?位置\s*[:：>》].*|首页\s*[>》/].*"
    r"|(?:版权所有|主办单位|承办单位|技术支持|网站标识码|网站地图|联系我们|关于我们|免责声明|隐私声明)\s*[:：|©].{0,80}"
    r"|(?:(?:主办|承办|协办|维护|运维|管理)(?:单位)?\s*[:：]\s*[^\s，。；]{2,30}\s*){2,4}"
    r"|(?:版权所有|网站地图|联系我们|关于我们)|[一-鿿]{2,8}\s*[:：]\s*https?://\S+|.{0,30}(?:ICP备|公网安备|网站标识码).*"
)
# Words that no act prints in a line of buttons or imprint.
_OF_SITE: Final = re.compile(
    r"ICP备|公网安备|网站标识码|打印(?:本页|本文)|关闭(?:窗口|本页)|当前位置|您现在的位置|浏览次数|阅读量|点击数|分享到|扫一扫"
)
#: Longest line below a title that holds days, source and buttons beside each other; judgement.
INFO_LENGTH: Final = 120
_PARTS: Final = re.compile(
    # Labels that stand beside each other without a blank: 来源：某局浏览次数：12字号：大.
    r"[\s|｜]+|(?=【)|(?<=】)|(?<=\S)(?=(?:(?:发布|更新|发文)?(?:时间|日期)|来源|作者|(?:浏览|阅读|点击|访问)(?:次数|量|数)|字[号体])\s*[:：])"
)
_RELATED: Final = re.compile(
    r"(?:相关|热门|推荐|最新|延伸|往期)(?:精选|精彩|回顾|内容|附件|链接|文章|新闻|阅读|解读|稿件|报道|信息|推荐|文件|政策)[:：]?|猜你喜欢[:：]?"
)
#: Private characters that ``without_outer_links`` puts around the text of a link.
LINK: Final = "\ue000\ue001"
_ONLY_LINKS: Final = re.compile(rf"(?:[\s>|·・•●■◆/、-]|\d+\. |{LINK[0]}[^{LINK}]*{LINK[1]})+")
# A copy repeats at least this many characters, and this share of the rest; judgement.
_COPY_LINE: Final = 4
_COPY_LENGTH: Final = 200
# A short act is copied with its first article, in at least this many lines and characters; judgement.
_COPY_LINES: Final = 3
_COPY_OF_ACT: Final = 40
_COPY_SHARE: Final = 0.8
_COPIES_TRIED: Final = 200


def without_outer_links(article: Any) -> list[str]:
    """Lines of an element without those at its ends that hold nothing but links."""
    for link in article.iter("a"):
        link.text = LINK[0] + (link.text or "")
        last = link[-1] if len(link) else None
        if last is None:
            link.text += LINK[1]
        else:
            last.tail = (last.tail or "") + LINK[1]
    lines = [line for line in map(squeeze, lines_of(article)) if line.strip(LINK)]
    lines = _without_related(lines)
    links = [bool(_ONLY_LINKS.fullmatch(line)) for line in lines]
    first = next((i for i, only in enumerate(links) if not only), 0)
    last_line = next((i for i in range(len(links), 0, -1) if not links[i - 1]), len(links))
    bare = (squeeze(re.sub(rf"[{LINK}]", "", line)) for line in lines[first:last_line])
    return [line for line in bare if line]


def _without_related(lines: list[str]) -> list[str]:
    """Leave out links to other documents below a heading such as 相关文章."""
    kept: list[str] = []
    below = -1  # lines kept up to a heading, while only links have followed
    for line in lines:
        if below >= 0 and _ONLY_LINKS.fullmatch(line):
            kept[below:] = []
            continue
        below = len(kept) if _RELATED.fullmatch(re.sub(rf"[{LINK}\s]", "", line)) else -1
        kept.append(line)
    return kept


_CREDIT: Final = re.compile(
    r"(来源|图源|编辑|责编|制作|排版|设计|审核|校对|初审|复审|终审|撰文|供稿|记者|作者|监制|签发)\s*[丨｜|]\s*(?=\S)"
)


def labelled(line: str) -> str:
    """Give a credit of an official account with a colon: 编辑 | 某人.

    Examples
    --------
    >>> labelled("来源 | 某市商务局")
    '来源：某市商务局'
    """
    credit = _CREDIT.match(line)
    return f"{credit.group(1)}：{line[credit.end() :]}" if credit else line.replace("丨", "：")


def is_printed_furniture(line: str) -> bool:
    """Whether a line of a page that was printed from a site is a part of the site for certain.

    Examples
    --------
    >>> [is_printed_furniture(line) for line in ("【打印本页】【关闭窗口】", "联系我们", "2024-01-01")]
    [True, False, False]
    """
    return bool(_OF_SITE.search(line)) and is_furniture(line)


def is_furniture(line: str) -> bool:
    """Whether a line is a button, a label or a notice of the site, not of the document.

    Examples
    --------
    >>> [is_furniture(line) for line in ("【打印】 【字体： 大 中】", "浏览次数： 12", "打印费减半。", "12")]
    [True, True, False, False]
    """
    line = labelled(line)
    if _BUTTONS.fullmatch(line) or _FURNITURE.fullmatch(line):
        return True
    parts = [part for part in _PARTS.split(line) if part] if len(line) <= INFO_LENGTH else []
    return len(parts) > 1 and all(_BUTTONS.fullmatch(part) or _FURNITURE.fullmatch(part) for part in parts)


def without_imprint(lines: list[str]) -> list[str]:
    """Remove the imprint of a printed document below its text: 公开方式, 抄送, 某年某月某日印发."""
    end = len(lines)
    while end and IMPRINT.fullmatch(lines[end - 1]):
        end -= 1
    return lines[:end]


def without_second_copy(lines: list[str]) -> list[str]:
    """Cut off a second copy of the text that follows the first.

    Examples
    --------
    >>> act = [f"第{n}条 企业购置设备的，按照设备购置额的百分之十给予补助。" for n in "一二三四五六七八九"]
    >>> without_second_copy(["某办法", *act, *act, "完"]) == ["某办法", *act]
    True
    """
    bare = ["".join(line.split()) for line in lines]
    first: dict[str, int] = {}
    tried = 0
    for i, text in enumerate(bare):
        if len(text) >= _COPY_LINE and text in first and tried < _COPIES_TRIED:
            tried += 1
            n = 0
            while i + n < len(bare) and first[text] + n < i and bare[i + n] == bare[first[text] + n]:
                n += 1
            copied = bare[i : i + n]
            shortest = _COPY_LENGTH
            if n >= _COPY_LINES and any(line.startswith(("第一条", "一、")) for line in copied):
                shortest = _COPY_OF_ACT
            if sum(map(len, copied)) >= max(shortest, _COPY_SHARE * sum(map(len, bare[i:]))):
                before = first[text]
                while before and bare[i - 1] == bare[before - 1]:
                    i, before = i - 1, before - 1  # noqa: PLW2901 - short lines above belong to the copy
                return lines[:i]
        first.setdefault(text, i)
    return lines
