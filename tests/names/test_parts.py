from liaison_analysis.names.parts import is_generic, places_differ, split_unit, take_apart


def test_names_come_apart():
    parts = take_apart(["深圳市隼川无人机（集团）股份有限公司", "*ST隼川", "贵阳银行股份有限公司", "隼川B股"])
    assert [(p.place, p.core) for p in parts] == [
        ("深圳市", "隼川无人机集团"),
        ("", "隼川"),
        ("", "贵阳银行"),
        ("", "隼川"),
    ]
    assert not take_apart(["科技有限公司"])[0].has_brand
    assert is_generic("新能源汽车零部件")
    assert not is_generic("隼川汽车")
    assert places_differ("成都", "重庆渝北")
    assert not places_differ("重庆", "渝北")
    assert not places_differ("中国", "成都")
    assert split_unit("重庆隼川仓库设备") == ("重庆隼川仓库设备", "")
    assert split_unit("隼川一厂") == ("隼川", "一厂")
