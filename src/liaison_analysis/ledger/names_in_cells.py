"""The enterprise or department in a cell that holds more: contacts, codes, marks, towns."""

from __future__ import annotations

import re
from typing import Final

from liaison_analysis.ledger.cell_looks import FIRM_ENDS

# What stands beside a name: a person, a number, a code.
_CONTACT: Final = (
    r"联系人|负责人|法人|法定代表人|电话|手机|微信|经理|先生|女士|厂长|主任|书记|董事长|[\u4e00-\u9fff]总(?![\u4e00-\u9fff])|"
    r"信用代码|税号|\d{7,}|\[[^\[\]]+\]|[0-9A-HJ-NPQRTUWXY]{18}"
)
# A name before a contact: 甲公司（张经理 13800001111）.
_FIRM_AND: Final = re.compile(
    rf"^(?P<firm>\S.*?{FIRM_ENDS}(?:[（(](?![^）)]*(?:{_CONTACT}))[^（）()]{{1,10}}[）)])?)"
    rf"\s*[\n\s（(,，、/／;；:：]\s*(?P<rest>.*(?:{_CONTACT}).*)$",
    re.DOTALL,
)
# One enterprise for several that ask the same: 甲公司等5家企业.
_FIRM_OF_SEVERAL: Final = re.compile(
    rf"^(?P<firm>\S.*?{FIRM_ENDS})\s*(?P<rest>[（(]?等\s*(?:[\d一二两三四五六七八九十多几数]+\s*[家户个]|多家)(?:企业|公司|单位)?[）)]?)$"
)
# The town before a name: 【海昌街道】甲公司.
_FIRM_BEHIND_TOWN: Final = re.compile(
    rf"^[【\[〔（(]\s*(?P<rest>[\u4e00-\u9fff]{{1,8}}(?:街道|镇|乡|园区|片区|新区|开发区|高新区|社区))\s*[】\]〕）)]\s*(?P<firm>\S.*?{FIRM_ENDS})$"
)
# A mark before or behind a name, or a remark about its row: ★甲公司, 甲公司（新增）, 甲公司*.
_MARKED_FIRM: Final = re.compile(
    rf"^(?P<before>[★☆▲△●○◆◇■□※*＊✓√]*\s*)(?P<firm>[^\s★☆▲△●○◆◇■□※*＊✓√].*?{FIRM_ENDS}(?:[（(][\u4e00-\u9fff]{{2,4}}[）)])??)"
    r"(?P<behind>(?:\s*[（(](?:新增?|续|接上页|规上|规下|四上|重点(?:企业)?|重点项目|专精特新|小巨人|高企|拟上市|上市公司|补报|补充|补录"
    r"|已搬迁|已停产|第?[一二三四五六七八九十\d]+次?)[）)])?\s*[★☆▲△●○◆◇■□※*＊]*)$"
)
# The department that leads others, and the one of a person.
_LEADING: Final = re.compile(
    r"([^、，,；;:：\s（(]{2,20})\s*[（(](?:牵头|主办|主责|主要责任)(?:单位|部门)?[）)]|"
    r"(?:牵头|主办|主责)(?:单位|部门)?\s*[:：]\s*([^、，,；;\s（(]{2,20})"
)
_OFFICE_ENDS: Final = re.compile(r"(?:局|委|办|部|处|科|室|中心|公司|街道|镇|乡|队|所|会|院)$")
_OFFICE_OF_PERSON: Final = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{1,18}(?:局|委|办|部|处|科|室|中心|公司|街道|镇|队))\s*(?:[\s:：/／|\-—]|[（(])\s*"
    r"(?P<person>[\u4e00-\u9fff]{2,4}(?:局长|主任|科长|主席|书记|经理|同志)?)[\s:：]*[\d\-]*\s*[）)]?$"
)


def part_firm(cell: str) -> tuple[str, str]:
    """Name of an enterprise, and the contact or code, or the number of others, that stands in its cell.

    Examples
    --------
    >>> part_firm("甲机械有限公司（张经理 13800001111）"), part_firm("甲（佛山）电器厂")
    (('甲机械有限公司', '张经理 13800001111'), ('甲（佛山）电器厂', ''))
    >>> part_firm("甲机械有限公司等5家企业"), part_firm("【海昌街道】甲机械有限公司")
    (('甲机械有限公司', '等5家企业'), ('甲机械有限公司', '海昌街道'))
    >>> part_firm("★甲机械有限公司（新增）")
    ('甲机械有限公司', '★（新增）')
    """
    if of_town := _FIRM_BEHIND_TOWN.match(cell):
        return of_town["firm"].strip(), of_town["rest"]
    if marked := _MARKED_FIRM.match(cell):
        before, behind = marked["before"].strip(), marked["behind"].strip()
        if before or behind:
            return marked["firm"].strip(), f"{before}{behind}"
    found = _FIRM_AND.match(cell) or _FIRM_OF_SEVERAL.match(cell)
    if not found:
        return cell, ""
    rest = found["rest"].strip()
    opened = sum(rest.count(one) for one in "（(")
    if rest[-1:] in {"）", ")"} and opened < sum(rest.count(one) for one in "）)"):
        rest = rest[:-1].strip()
    return found["firm"].strip(), rest


def leading_office(cell: str) -> str:
    """Department that leads, where a cell says so of one among several; else ``""``.

    Examples
    --------
    >>> leading_office("市工信局（牵头）、市财政局（配合）"), leading_office("牵头：住建局；配合：城管局")
    ('市工信局', '住建局')
    >>> leading_office("市工信局、市财政局")
    ''
    """
    found = ["".join(one) for one in _LEADING.findall(cell)]
    return found[0] if len(found) == 1 and found[0] != cell.strip() else ""


def office_of_person(cell: str) -> str:
    """Department before the person in it who is responsible; ``""`` for other cells.

    Examples
    --------
    >>> office_of_person("规自局 乙某"), office_of_person("人社局（丁某 13900001111）")
    ('规自局', '人社局')
    >>> office_of_person("规自局 人社局"), office_of_person("规自局")
    ('', '')
    """
    found = _OFFICE_OF_PERSON.match(cell.strip())
    return found["office"] if found and not _OFFICE_ENDS.search(found["person"]) else ""
