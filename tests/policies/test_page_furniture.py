"""What a site puts around a document is left out."""

import pytest
from helpers.web_page import ACT, page

from liaison_analysis.policies.page_furniture import is_furniture
from liaison_analysis.policies.web_pages import read_page


def test_a_second_copy_of_the_act_is_left_out():
    assert len(read_page(page(f"<div><p>某办法</p>{ACT}</div><div><p>某办法</p>{ACT}</div>")).lines) == 7
    # Two articles alike are no copy.
    twice = ["第一条 奖励。", "第二条 奖励。", "第三条 奖励。"]
    assert read_page(page("".join(f"<p>{line}</p>" for line in twice))).lines == twice


@pytest.mark.parametrize(
    ("line", "furniture"),
    [
        ("打印关闭", True), ("【字体：大 中 小】", True), (("发表时间：2023-07-27 09:46:26 信息来源：某"
            "局 浏览量： -"), True),
        ("A+大 A+中 A+小", True), ("当前位置： 首页 > 政策", True), ("主办单位：某局 粤ICP备1号", True),
        ("2024-01-01", True),
        ("打印合同的费用减半。", False), ("第一条", False), ("2024", False), ("更多企业享受补贴", False),
        ("编辑丨某人", True), ("-END-", True),
        ("2024-10-15 16:30 来源：某局 【打印】", True), ("标签：创业", True),
        ("网站应当公示", False), ("2021/6/15", False),
        ("录入：admin 审核：某某 打印本页 关闭窗口", True), ("服务评价：★★★★☆ 收藏 在线咨询 在线办理", True),
        ("[1] [2] 下一页 尾页", True), ("下一篇文章：没有了", True),
        ("觉得有用请点“在看”", True), ("01", True), ("PART 2", True), ("10", False),
        ("2025-05-06 09:00来源：某局字号：大 中 小", True), ("长按识别二维码关注", True),
        ("（小程序二维码）", True), ("编辑 | 小某", True), ("制作｜小某", True),
        ("觉得不错，请点个赞再走哦", True),
        ("时间：2025-04-25 17:30:12来源：某区教育局浏览次数：-字号：大|中|小", True),
        ("市民在窗口办理业务。某日报记者 李某 摄", True), ("文/某日报记者 李某", True),
        ("时间：2025年6月1日前提交材料", False), ("- The End -", True), ("转发周知！", True),
        ("↑ 点击关注，更多精彩等着你", True), ("主办：某市政府办 维护：某市数据中心", True),
        ("收录于合集 #惠企政策 12个", True),
        ("录入系统的企业享受补贴", False),
    ],
)  # fmt: skip
def test_furniture(line, furniture):
    assert is_furniture(line) == furniture


def test_a_short_act_that_stands_twice_is_read_once():
    act = "<h1>某办法</h1><p>2024-04-10</p><p>第一条 甲奖励十万元。</p><p>第二条 乙奖励五万元。</p>"
    act += "<p>第三条 本办法由某局负责解释。</p><p>第四条 本办法自印发之日起施行。</p>"
    lines = read_page(page(f"<div class='pc'>{act}</div><div class='mobile'>{act}</div>")).lines
    assert [line[:3] for line in lines if line.startswith("第")] == ["第一条", "第二条", "第三条", "第四条"]


def test_links_below_a_heading_of_related_documents_are_no_text():
    related = "<p>相关文章</p><p>・<a href='1.html'>某园区简介</a></p><p>・<a href='2.html'>某指南</a></p>"
    assert read_page(page(f"<div>{ACT}{related}<p>以上由某局解释。</p></div>")).lines[6:] == [
        "以上由某局解释。"
    ]


def test_a_heading_goes_with_the_links_below_it_and_stays_without_them():
    linked = "<p>往期推荐</p><p><a href='1.html'>某奖励</a></p><p><a href='2.html'>某补贴</a></p>"
    assert len(read_page(page(f"<div>{ACT}{linked}</div>")).lines) == 6
    lines = read_page(page(f"<div>{ACT}<p>相关文件</p><p>企业应当提交审计报告。</p></div>")).lines
    assert lines[6:] == ["相关文件", "企业应当提交审计报告。"]
