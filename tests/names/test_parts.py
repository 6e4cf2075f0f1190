from liaison_analysis.names.parts import is_generic, split_unit, take_apart


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
    assert split_unit("重庆隼川仓库设备") == ("重庆隼川仓库设备", "")
    assert split_unit("隼川一厂") == ("隼川", "一厂")


def test_words_of_trade_behind_a_place_make_the_place_the_brand():
    parts = take_apart(["沈阳金山能源有限公司", "山东省章丘鼓风机有限公司", "新疆库尔勒隼川有限公司"])
    assert [(p.place, p.core) for p in parts] == [
        ("沈阳", "金山能源"),
        ("山东省章丘", "鼓风机"),
        ("新疆库尔勒", "隼川"),
    ]
    assert take_apart(["隼川（中国）有限公司"])[0].place == "中国"
    assert take_apart(["浙江省义乌市佛堂镇隼川机械厂"])[0] == take_apart(["浙江省义乌市佛堂镇隼川机械厂"])[0]
    assert take_apart(["浙江省义乌市佛堂镇隼川机械厂"])[0].core == "隼川机械厂"
